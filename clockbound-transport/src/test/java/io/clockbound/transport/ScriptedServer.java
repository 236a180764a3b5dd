/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.ConnectionRefusedSocketException;

/** A server that answers what a test says, to the requests of one client after another. */
interface ScriptedServer extends Closeable {

    /** Waits for the next request. */
    Asked next() throws IOException;

    /** A request of four bytes that is still to be answered. */
    interface Asked {

        /** Sends bytes, whether they are an answer or not. */
        void answer(String hex) throws IOException;

        /** Returns the name of the client's socket; empty on a stream. */
        byte[] client();

        /** Tells whether an answer would find nobody any more. */
        boolean isGone() throws IOException;

        /** Ends the connection, if there is one. */
        void hangUp() throws IOException;
    }

    static ScriptedServer at(SocketEndpoint endpoint) throws IOException {
        Files.deleteIfExists(endpoint.path());
        return switch (endpoint.kind()) {
            case STREAM -> {
                ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                yield new OnStream(listening.bind(UnixDomainSocketAddress.of(endpoint.path())), new ArrayList<>());
            }
            case DATAGRAM -> {
                AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
                channel.bind(AFUNIXSocketAddress.of(endpoint.path()));
                yield new OnDatagrams(channel);
            }
        };
    }

    /** Has the server give the same answer to every request, until it is closed. */
    default void alwaysAnswer(String hex) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    next().answer(hex);
                }
            } catch (IOException e) {
                // closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes up a new connection when the one before has ended. */
    record OnStream(ServerSocketChannel listening, List<SocketChannel> accepted) implements ScriptedServer {

        @Override
        public Asked next() throws IOException {
            while (true) {
                if (accepted.isEmpty() || !isAsked(accepted.get(accepted.size() - 1))) {
                    accepted.add(listening.accept());
                    continue;
                }
                return new OnConnection(accepted.get(accepted.size() - 1));
            }
        }

        private static boolean isAsked(SocketChannel connection) throws IOException {
            ByteBuffer request = ByteBuffer.allocate(4);
            while (connection.isOpen() && request.hasRemaining()) {
                if (connection.read(request) < 0) {
                    return false;
                }
            }
            return !request.hasRemaining();
        }

        @Override
        public void close() throws IOException {
            listening.close();
            for (SocketChannel connection : accepted) {
                connection.close();
            }
        }
    }

    /** One on a connection. */
    record OnConnection(SocketChannel connection) implements Asked {

        @Override
        public void answer(String hex) throws IOException {
            connection.write(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
        }

        @Override
        public byte[] client() {
            return new byte[0];
        }

        @Override
        public boolean isGone() throws IOException {
            return connection.read(ByteBuffer.allocate(1)) < 0;
        }

        @Override
        public void hangUp() throws IOException {
            connection.close();
        }
    }

    /** Hears all clients on one socket. */
    record OnDatagrams(AFUNIXDatagramChannel channel) implements ScriptedServer {

        @Override
        public Asked next() throws IOException {
            AFUNIXSocketAddress client = channel.receive(ByteBuffer.allocate(100));
            if (client == null) {
                throw new IOException("closed");
            }
            return new Asked() {
                @Override
                public void answer(String hex) throws IOException {
                    channel.send(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), client);
                }

                @Override
                public byte[] client() {
                    return client.getPathAsBytes();
                }

                @Override
                public boolean isGone() throws IOException {
                    try (AFUNIXDatagramChannel probe = AFUNIXDatagramChannel.open()) {
                        probe.connect(client);
                        return false;
                    } catch (ConnectionRefusedSocketException e) {
                        return true;
                    }
                }

                @Override
                public void hangUp() {}
            };
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
