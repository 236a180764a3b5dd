/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import io.clockbound.socket.NativeSockets;
import io.clockbound.socket.UnixDatagramSocket;
import io.clockbound.socket.UnixName;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

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

    private final UnixDatagramSocket socket;
    private final SocketDeadline deadline;
    // one byte more than the longest response, so that a longer one is noticed
    private final ByteBuffer bytes = ByteBuffer.allocate(Response.MAX_BYTES + 1);

    private DatagramLink(UnixDatagramSocket socket, SocketDeadline deadline) {
        this.socket = socket;
        this.deadline = deadline;
    }

    static DatagramLink open(Path server, LocalClock local) throws IOException {
        if (Files.notExists(server)) { // nothing native is loaded, and warned of, for a socket that is not there
            throw new SocketException("No such file or directory");
        }
        UnixDatagramSocket socket = NativeSockets.chosen().open();
        try {
            socket.bind(ownName());
            socket.connect(UnixName.of(server));
            DatagramLink link = new DatagramLink(socket, new SocketDeadline(new OfSocket(socket), local));
            link.discardEarlierDatagrams();
            return link;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public Response ask(Request request, long deadlineNanos) throws IOException {
        request.encode(bytes.clear());
        bytes.flip();
        while (!socket.send(bytes)) {
            deadline.awaitWritable(deadlineNanos);
        }
        do {
            deadline.awaitReadable(deadlineNanos);
        } while (socket.receive(bytes.clear()) == 0);
        return Response.decode(bytes.flip());
    }

    @Override
    public void close() throws IOException {
        deadline.close();
    }

    /** Discards datagrams that arrived before the socket was connected; since then Linux lets only the server send to it. */
    private void discardEarlierDatagrams() throws IOException {
        while (socket.receive(bytes.clear()) > 0) {
            // discard the next
        }
    }

    private static UnixName ownName() throws IOException {
        String prefix = "clockbound.";
        byte[] unguessable = new byte[(NAME_BYTES - prefix.length()) / 2];
        RANDOM.nextBytes(unguessable);
        return UnixName.inAbstractNamespace(prefix + HexFormat.of().formatHex(unguessable));
    }

    /** Tells when the socket is ready. */
    private record OfSocket(UnixDatagramSocket socket) implements Readiness {

        @Override
        public boolean await(int operation, long timeoutMillis) throws IOException {
            return socket.await(operation, timeoutMillis);
        }

        @Override
        public void wakeUp() {
            socket.wakeUp();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
