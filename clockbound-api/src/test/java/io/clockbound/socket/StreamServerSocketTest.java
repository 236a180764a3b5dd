/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a stream server's socket must do, whichever way into the kernel it has. */
class StreamServerSocketTest extends EachNativeSockets {

    private static final int BACKLOG = 300;

    @ParameterizedTest
    @MethodSource("all")
    void aConnectionThatIsNotSharedWaitsForWhatComes(NativeSockets sockets) throws Exception {
        try (StreamServerSocket server = listen(sockets);
                SocketChannel client = connect()) {
            StreamServerSocket.Connection connection = accepted(server);
            NativeBytes bytes = sockets.allocate(10);
            CompletableFuture<Integer> read = waiting(() -> connection.read(bytes));
            client.write(bytes("ask"));
            assertThat(read.get()).isEqualTo(3);
            assertThat(bytes.bytes().position()).isEqualTo(3);
            connection.write(flipped(bytes));
            assertThat(bytes.bytes().hasRemaining()).isFalse();
            assertThat(received(client)).isEqualTo("ask");
            client.shutdownOutput();
            bytes.bytes().clear();
            assertThat(connection.read(bytes)).isEqualTo(-1);
            connection.close();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSharedConnectionHasItsTurnWhenItIsReadyAndNeverWaits(NativeSockets sockets) throws IOException {
        try (StreamServerSocket server = listen(sockets);
                SocketChannel client = connect()) {
            StreamServerSocket.Connection connection = accepted(server);
            assertThat(connection.isShared()).isFalse();
            List<String> turns = new ArrayList<>();
            connection.share(() -> turns.add("turn"));
            assertThat(connection.isShared()).isTrue();
            NativeBytes bytes = sockets.allocate(10);
            assertThat(connection.read(bytes)).isZero();
            assertThat(server.select(1)).isFalse();
            assertThat(turns).isEmpty();
            connection.await(SelectionKey.OP_WRITE);
            server.select(LONG_MILLIS);
            assertThat(turns).hasSize(1);
            connection.await(SelectionKey.OP_READ);
            client.write(bytes("ask"));
            server.select(LONG_MILLIS);
            assertThat(turns).hasSize(2);
            assertThat(connection.read(bytes)).isEqualTo(3);
            NativeBytes much = sockets.allocate(10_000_000);
            connection.write(much);
            assertThat(much.bytes().position()).isPositive().isLessThan(10_000_000);
            int position = much.bytes().position();
            connection.write(much);
            assertThat(much.bytes().position()).as("the queue is full").isEqualTo(position);
            connection.close();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aClientThatWaitedToBeAcceptedAtAWakeUpIsNotForgotten(NativeSockets sockets) throws IOException {
        try (StreamServerSocket server = listen(sockets);
                SocketChannel client = connect()) {
            server.wakeUp();
            accepted(server).close();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void allOfManyConnectionsThatAreReadyHaveTheirTurn(NativeSockets sockets) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        try (StreamServerSocket server = listen(sockets)) {
            NativeBytes bytes = sockets.allocate(10);
            List<StreamServerSocket.Connection> connections = new ArrayList<>();
            List<Integer> turns = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                SocketChannel client = connect();
                clients.add(client);
                client.write(bytes("x"));
                int number = i;
                StreamServerSocket.Connection connection = accepted(server);
                connections.add(connection);
                connection.share(() -> {
                    turns.add(number);
                    readOne(connection, bytes);
                });
            }
            while (turns.size() < connections.size()) {
                server.select(LONG_MILLIS);
            }
            assertThat(turns).doesNotHaveDuplicates();
            for (StreamServerSocket.Connection connection : connections) {
                connection.close();
            }
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aShutdownEndsTheReadAndTheWriteOfAnotherThread(NativeSockets sockets) throws Exception {
        try (StreamServerSocket server = listen(sockets)) {
            NativeBytes bytes = sockets.allocate(10);
            NativeBytes much = sockets.allocate(10_000_000);
            for (Reading call : List.<Reading>of(connection -> connection.read(bytes), connection -> {
                connection.write(much);
                return -1;
            })) {
                try (SocketChannel client = connect()) {
                    StreamServerSocket.Connection connection = accepted(server);
                    CompletableFuture<Integer> waiting = waiting(() -> {
                        try {
                            return call.from(connection);
                        } catch (IOException e) {
                            return -1;
                        }
                    });
                    connection.shutdown();
                    assertThat(waiting.get()).isEqualTo(-1);
                    connection.close();
                    connection.shutdown();
                    connection.close();
                    while (client.read(ByteBuffer.allocate(100_000)) >= 0) {
                        // until the end
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aClientThatIsGoneIsAnErrorOfItsConnection(NativeSockets sockets) throws IOException {
        try (StreamServerSocket server = listen(sockets)) {
            SocketChannel client = connect();
            StreamServerSocket.Connection connection = accepted(server);
            client.close();
            NativeBytes bytes = sockets.allocate(10);
            assertThatThrownBy(() -> connection.write(bytes)).hasMessage("Broken pipe");
            connection.close();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void clientsWaitWhileTheyAreNotAccepted(NativeSockets sockets) throws IOException {
        try (StreamServerSocket server = listen(sockets)) {
            assertThat(server.accept()).isNull();
            try (SocketChannel client = connect()) {
                server.setAccepting(false);
                assertThat(server.select(1)).isFalse();
                server.setAccepting(true);
                assertThat(server.select(LONG_MILLIS)).isTrue();
                accepted(server).close();
                assertThat(received(client)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aWakeUpEndsAWaitAndOneThatBeginsLater(NativeSockets sockets) throws Exception {
        for (boolean isAccepting : new boolean[] {true, false}) {
            try (StreamServerSocket server = listen(sockets)) {
                server.setAccepting(isAccepting);
                CompletableFuture<Boolean> wait = waiting(() -> server.select(0));
                server.wakeUp();
                wait.get();
                assertThat(server.accept()).isNull();
            }
            try (StreamServerSocket server = listen(sockets)) {
                server.setAccepting(isAccepting);
                server.wakeUp();
                server.select(0);
                assertThat(server.accept()).isNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingIsLeftOpen(NativeSockets sockets) throws IOException {
        try (StreamServerSocket server = listen(sockets)) {
            comeAndGo(server); // what the first use itself keeps open
        }
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            try (StreamServerSocket server = listen(sockets)) {
                comeAndGo(server);
            }
        }
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> sockets.listen(directory.resolve("none").resolve("s"), BACKLOG))
                    .hasMessage("cannot bind a socket at %s/none/s", directory)
                    .hasRootCauseMessage("No such file or directory");
        }
        assertThat(descriptors()).isLessThan(before + 50);
    }

    private void comeAndGo(StreamServerSocket server) throws IOException {
        for (boolean isShared : new boolean[] {true, false}) {
            try (SocketChannel client = connect();
                    StreamServerSocket.Connection connection = accepted(server)) {
                if (isShared) {
                    connection.share(() -> {});
                }
                assertThat(client.isConnected()).isTrue();
            }
        }
        server.select(1); // the JDK closes what is selected no sooner
    }

    private interface Reading {
        int from(StreamServerSocket.Connection connection) throws IOException;
    }

    private StreamServerSocket listen(NativeSockets sockets) throws IOException {
        Files.deleteIfExists(path());
        return sockets.listen(path(), BACKLOG);
    }

    private SocketChannel connect() throws IOException {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.connect(UnixDomainSocketAddress.of(path()));
        return client;
    }

    private static StreamServerSocket.Connection accepted(StreamServerSocket server) throws IOException {
        while (!server.select(LONG_MILLIS)) {
            // a turn of another
        }
        return Objects.requireNonNull(server.accept());
    }

    /** Starts a call on another thread and returns once it waits in the kernel. */
    private static <T> CompletableFuture<T> waiting(Callable<T> call) throws Exception {
        CompletableFuture<T> result = run("door-stream", call);
        SocketWaitTest.awaitSleep("door-stream");
        return result;
    }

    private static void readOne(StreamServerSocket.Connection connection, NativeBytes bytes) {
        try {
            bytes.bytes().clear();
            assertThat(connection.read(bytes)).isEqualTo(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static NativeBytes flipped(NativeBytes bytes) {
        bytes.bytes().flip();
        return bytes;
    }

    private static String received(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        client.read(bytes);
        return StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
