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
 * <p>Its name is in the abstract namespace: there is no file that could be left behind or that others could create first, and
 * daemons that do not see this process's files can respond. The name cannot be guessed, and only the server can send to it.
 */
final class DatagramLink implements SocketLink {

    /** The length of the longest names: servers that use junixsocket misjudge the length of shorter ones. */
    private static final int NAME_BYTES = 107;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final AFUNIXDatagramChannel channel;
    private final SocketDeadline deadline;
    // one byte more than the longest response, so that a longer one is noticed
    private final ByteBuffer bytes = ByteBuffer.allocate(Response.MAX_BYTES + 1);

    private DatagramLink(AFUNIXDatagramChannel channel, SocketDeadline deadline) {
        this.channel = channel;
        this.deadline = deadline;
    }

    static DatagramLink open(Path server, LocalClock local) throws IOException {
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        try {
            channel.configureBlocking(false);
            channel.bind(ownAddress());
            channel.connect(AFUNIXSocketAddress.of(server));
            DatagramLink link = new DatagramLink(channel, SocketDeadline.of(channel, local));
            link.discardEarlierDatagrams();
            return link;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Response ask(Request request, long deadlineNanos) throws IOException {
        request.encode(bytes.clear());
        deadline.write(channel, bytes.flip(), deadlineNanos);
        do {
            deadline.awaitReadable(deadlineNanos);
        } while (channel.read(bytes.clear()) <= 0);
        return Response.decode(bytes.flip());
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            deadline.close();
        }
    }

    /** Discards datagrams that arrived before the socket was connected; since then Linux lets only the server send to it. */
    private void discardEarlierDatagrams() throws IOException {
        while (channel.read(bytes.clear()) > 0) {
            // discard the next
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
