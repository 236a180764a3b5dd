/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * A datagram socket connected to a server's.
 *
 * <p>Its name is in the abstract namespace: there is no file to make, to leave behind or for others to make first, and it
 * reaches daemons that do not see this process's files. Nobody can guess it, and nobody but the server can send to it.
 */
final class DatagramLink implements SocketLink {

    /** The longest there are: servers that use junixsocket take others for longer than they are. */
    private static final int NAME_BYTES = 107;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final AFUNIXDatagramChannel channel;
    private final SocketDeadline readiness;
    // a byte more than any answer has, so that a longer one is noticed
    private final ByteBuffer bytes = ByteBuffer.allocate(Response.MAX_BYTES + 1);

    private DatagramLink(AFUNIXDatagramChannel channel, SocketDeadline readiness) {
        this.channel = channel;
        this.readiness = readiness;
    }

    static DatagramLink open(Path server, LocalClock local) throws IOException {
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        try {
            channel.configureBlocking(false);
            channel.bind(ownAddress());
            channel.connect(AFUNIXSocketAddress.of(server));
            DatagramLink link = new DatagramLink(channel, SocketDeadline.of(channel, local));
            link.discardWhatOthersSent();
            return link;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Response ask(Request request, long deadlineNanos) throws IOException {
        request.encode(bytes.clear());
        readiness.write(channel, bytes.flip(), deadlineNanos);
        do {
            readiness.awaitReadable(deadlineNanos);
        } while (channel.read(bytes.clear()) <= 0);
        return Response.decode(bytes.flip());
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            readiness.close();
        }
    }

    /** Drops what came before the socket was connected, since when Linux lets only the server send to it. */
    private void discardWhatOthersSent() throws IOException {
        while (channel.read(bytes.clear()) > 0) {
            // the next
        }
    }

    private static AFUNIXSocketAddress ownAddress() throws IOException {
        String prefix = "\0clockbound.";
        byte[] unguessable = new byte[(NAME_BYTES + 1 - prefix.length()) / 2];
        RANDOM.nextBytes(unguessable);
        String name = prefix + HexFormat.of().formatHex(unguessable);
        return AFUNIXSocketAddress.of(name.getBytes(StandardCharsets.US_ASCII));
    }
}
