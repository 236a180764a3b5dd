/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every way into the kernel that this runtime has must do. */
@Timeout(60)
class NativeSocketsTest {

    private static final int SEND_BUFFER_BYTES = 212_992;
    private static final long UNTIL_WOKEN = -1;
    private static final long LONG_MILLIS = 50_000;

    @TempDir
    private Path directory;

    static Stream<NativeSockets> all() throws IOException {
        List<NativeSockets> all = new ArrayList<>(List.of(new JunixSockets()));
        if (NativeChoice.ffm.obstacle().isEmpty()) {
            all.add(NativeChoice.ffm.sockets());
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRequestIsAnsweredByTheNameOfItsSender(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-answered")) {
            Exchange exchange = new Exchange(sockets, server);
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(bytes("ask"))).isTrue();
                assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("ask");
                assertThat(exchange.peer).hasToString("@clockbound-test-answered");
                assertThat(exchange.answer("told")).isTrue();
                assertThat(client.await(SelectionKey.OP_READ, LONG_MILLIS)).isTrue();
                assertThat(received(client, 100)).isEqualTo("told");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingIsReceivedWhereNothingWaits(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-nothing")) {
            Exchange exchange = new Exchange(sockets, server);
            assertThat(exchange.receive(0)).isNull();
            assertThat(exchange.receive(1)).isNull();
            assertThat(server.hasRequest()).isFalse();
            assertThat(server.isWritable()).isTrue();
            assertThat(client.receive(ByteBuffer.allocate(10))).isZero();
            assertThat(client.await(SelectionKey.OP_READ, 1)).isFalse();
            assertThat(client.await(SelectionKey.OP_WRITE, 1)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsLongerThanTheBufferIsCutOffAndTheNextIsWhole(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-long")) {
            Exchange exchange = new Exchange(sockets, server);
            client.send(bytes("x".repeat(5_000)));
            client.send(bytes("short"));
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("x".repeat(Exchange.CAPACITY));
            assertThat(exchange.answer("0123456789")).isTrue();
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("short");
            assertThat(exchange.answer("0123456789")).isTrue();
            assertThat(received(client, 4)).isEqualTo("0123");
            assertThat(received(client, 100)).isEqualTo("0123456789");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aClientThatIsGoneCostsTheServerNothing(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-alive")) {
            Exchange exchange = new Exchange(sockets, server);
            try (UnixDatagramSocket gone = connected(sockets, "clockbound-test-gone")) {
                gone.send(bytes("ask"));
            }
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("ask");
            assertThatThrownBy(() -> exchange.answer("told"))
                    .isInstanceOf(DatagramServerSocket.ClientGoneException.class)
                    .hasMessage("client @clockbound-test-gone cannot be answered");
            client.send(bytes("again"));
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("again");
            assertThat(exchange.answer("told")).isTrue();
            assertThat(received(client, 100)).isEqualTo("told");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aFullQueueTakesNoMoreAndIsNoFailure(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-full")) {
            Exchange exchange = new Exchange(sockets, server);
            int sent = 0;
            while (client.send(bytes("ask"))) {
                sent++;
            }
            assertThat(sent).isPositive();
            assertThat(client.await(SelectionKey.OP_WRITE, 1)).isFalse();
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("ask");
            byte[] name = exchange.peer.copy();
            for (int i = 1; i < sent; i++) {
                assertThat(exchange.receive(0)).isEqualTo("ask");
            }
            assertThat(exchange.receive(0)).isNull();
            exchange.peer.set(name);
            int answered = 0;
            while (exchange.answer("told")) {
                answered++;
            }
            assertThat(answered).isPositive();
            assertThat(client.await(SelectionKey.OP_WRITE, 1)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whereNobodyListensTheConnectionIsRefused(NativeSockets sockets) throws IOException {
        UnixDatagramSocket client;
        try (DatagramServerSocket server = bind(sockets)) {
            client = connected(sockets, "clockbound-test-refused");
            assertThat(sockets.isServed(path())).isTrue();
            assertThat(server.hasRequest()).isFalse();
        }
        try (client;
                UnixDatagramSocket late = sockets.open()) {
            assertThatThrownBy(() -> client.send(bytes("ask"))).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> late.connect(UnixName.of(path()))).isInstanceOf(ConnectException.class);
        }
        assertThat(sockets.isServed(path())).isFalse();
    }

    @ParameterizedTest
    @MethodSource("all")
    void whereNothingIsTheFailureSaysSo(NativeSockets sockets) throws IOException {
        UnixName nowhere = UnixName.of(directory.resolve("nowhere"));
        try (UnixDatagramSocket client = sockets.open();
                UnixDatagramSocket other = sockets.open()) {
            assertThatThrownBy(() -> client.connect(nowhere))
                    .isInstanceOf(SocketException.class)
                    .isNotInstanceOf(ConnectException.class)
                    .hasMessageContaining("No such file or directory");
            assertThatThrownBy(() -> other.send(bytes("ask"), nowhere))
                    .hasMessageContaining("No such file or directory");
        }
        assertThatThrownBy(() -> sockets.bind(directory.resolve("nowhere/s"), SEND_BUFFER_BYTES))
                .hasMessage("cannot bind a socket at " + directory.resolve("nowhere/s"))
                .cause()
                .hasMessageContaining("No such file or directory");
        try (DatagramServerSocket server = bind(sockets)) {
            assertThat(server.hasRequest()).isFalse();
            assertThatThrownBy(() -> bind(sockets)).cause().hasMessageContaining("in use");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aDatagramIsSentToANameWithoutAConnection(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = sockets.open()) {
            assertThat(client.send(bytes("READY=1"), UnixName.of(path()))).isTrue();
            Exchange exchange = new Exchange(sockets, server);
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("READY=1");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRetiredSocketAnswersWhatWaitsAndTakesNothingNew(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket old = bind(sockets);
                DatagramServerSocket successor = sockets.bind(directory.resolve("new"), SEND_BUFFER_BYTES);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-retired")) {
            client.send(bytes("ask"));
            old.retire(directory.resolve("new"));
            assertThatThrownBy(() -> client.send(bytes("late"))).isInstanceOf(IOException.class);
            Exchange exchange = new Exchange(sockets, old);
            assertThat(exchange.receive(0)).isEqualTo("ask");
            assertThat(old.hasRequest()).isFalse();
            assertThat(successor.hasRequest()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aWakeUpEndsTheWaitOfTheServerWhetherItWaitsAlreadyOrNot(NativeSockets sockets) throws Exception {
        try (DatagramServerSocket server = bind(sockets)) {
            Exchange exchange = new Exchange(sockets, server);
            CompletableFuture<@Nullable String> waiting = run("door-server", () -> exchange.receive(UNTIL_WOKEN));
            awaitSleep("door-server");
            server.wakeUp();
            assertThat(waiting.join()).isNull();
        }
        Files.delete(path());
        try (DatagramServerSocket server = bind(sockets)) {
            server.wakeUp();
            assertThat(new Exchange(sockets, server).receive(UNTIL_WOKEN)).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aWakeUpOfAClosedSocketDoesNotReachTheOneThatHasItsNumberNow(NativeSockets sockets) throws IOException {
        DatagramServerSocket closed = bind(sockets);
        closed.close();
        Files.delete(path());
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-number")) {
            closed.wakeUp();
            closed.close();
            client.send(bytes("ask"));
            assertThat(new Exchange(sockets, server).receive(UNTIL_WOKEN)).isEqualTo("ask");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void closingAClientEndsTheWaitOfAnotherThreadAndReleasesTheDescriptor(NativeSockets sockets) throws Exception {
        try (DatagramServerSocket server = bind(sockets)) {
            assertThat(server.hasRequest()).isFalse();
            waitAndClose(sockets);
            long before = sockets();
            for (int i = 0; i < 10; i++) {
                waitAndClose(sockets);
            }
            while (sockets() > before) {
                pause();
            }
        }
    }

    private void waitAndClose(NativeSockets sockets) throws Exception {
        UnixDatagramSocket client = connected(sockets, "clockbound-test-closed");
        CompletableFuture<Boolean> waiting = run("door-client", () -> client.await(SelectionKey.OP_READ, LONG_MILLIS));
        awaitSleep("door-client");
        client.close();
        try {
            assertThat(waiting.join()).isFalse();
        } catch (CompletionException e) {
            assertThat(e).hasRootCauseInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> client.send(bytes("ask"))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @MethodSource("all")
    void anInterruptOrAWakeUpEndsTheWaitOfAClient(NativeSockets sockets) throws Exception {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-interrupt")) {
            assertThat(server.hasRequest()).isFalse();
            CompletableFuture<Boolean> interrupted = run("door-client", () -> {
                boolean isReady = client.await(SelectionKey.OP_READ, LONG_MILLIS);
                return isReady || !Thread.currentThread().isInterrupted();
            });
            awaitSleep("door-client").interrupt();
            assertThat(interrupted.join()).isFalse();
            CompletableFuture<Boolean> woken = run("door-woken", () -> client.await(SelectionKey.OP_READ, LONG_MILLIS));
            awaitSleep("door-woken");
            client.wakeUp();
            assertThat(woken.join()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theCollectorTakesNoMemoryOfACall(NativeSockets sockets) throws Exception {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-collector")) {
            CountDownLatch done = new CountDownLatch(1);
            CompletableFuture<Long> collecting = run("door-collector", () -> {
                long collections = 0;
                while (done.getCount() > 0) {
                    System.gc();
                    collections++;
                }
                return collections;
            });
            try {
                for (int i = 0; i < 2_000; i++) {
                    Exchange exchange = new Exchange(sockets, server); // its memory is garbage after this round
                    client.send(bytes("ask " + i));
                    assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("ask " + i);
                    assertThat(exchange.answer("told " + i)).isTrue();
                    assertThat(received(client, 100)).isEqualTo("told " + i);
                }
            } finally {
                done.countDown();
            }
            assertThat(collecting.join()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSignalToAThreadThatWaitsIsNoFailure(NativeSockets sockets) throws Exception {
        assumeTrue(sockets instanceof ForeignSockets, "a signal ends junixsocket's waits with a failure");
        handleWindowChanges();
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-signal")) {
            Exchange exchange = new Exchange(sockets, server);
            CompletableFuture<String> waiting = run("door-client", () -> {
                while (!client.await(SelectionKey.OP_READ, LONG_MILLIS)) {
                    // a signal may end it early
                }
                return received(client, 100);
            });
            CompletableFuture<String> serving = run("door-server", () -> {
                String asked = exchange.receive(UNTIL_WOKEN);
                while (asked == null) {
                    asked = exchange.receive(UNTIL_WOKEN);
                }
                exchange.answer("told");
                return asked;
            });
            for (String thread : List.of("door-client", "door-server")) {
                awaitSleep(thread);
                sendWindowChanges(thread);
            }
            client.send(bytes("ask"));
            assertThat(serving.join()).isEqualTo("ask");
            assertThat(waiting.join()).isEqualTo("told");
        }
    }

    /** Has a signal handled that a system call notices, because it is not ignored. */
    private static void handleWindowChanges() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object nothing = Proxy.newProxyInstance(
                handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> null);
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance("WINCH"), nothing);
    }

    /** Sends a thread the signal a few times. */
    private static void sendWindowChanges(String thread) throws Exception {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).strip().equals(thread)) {
                    String program = "import ctypes, signal, time\n"
                            + "for i in range(5):\n"
                            + "    assert ctypes.CDLL(None).tgkill("
                            + ProcessHandle.current().pid() + ", " + task.getFileName() + ", signal.SIGWINCH) == 0\n"
                            + "    time.sleep(0.01)\n";
                    Process python = new ProcessBuilder("python3", "-c", program)
                            .inheritIO()
                            .start();
                    assertThat(python.waitFor()).isZero();
                }
            }
        }
    }

    private Path path() {
        return directory.resolve("socket");
    }

    private DatagramServerSocket bind(NativeSockets sockets) throws IOException {
        return sockets.bind(path(), SEND_BUFFER_BYTES);
    }

    private UnixDatagramSocket connected(NativeSockets sockets, String name) throws IOException {
        UnixDatagramSocket client = sockets.open();
        client.bind(UnixName.inAbstractNamespace(name));
        client.connect(UnixName.of(path()));
        return client;
    }

    private static ByteBuffer bytes(String text) {
        return StandardCharsets.ISO_8859_1.encode(text);
    }

    private static String received(UnixDatagramSocket client, int capacity) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(capacity);
        client.receive(bytes);
        return StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
    }

    private static <T extends @Nullable Object> CompletableFuture<T> run(String name, Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception | AssertionError e) {
                        result.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** Waits until the system has put a thread to sleep in a call for a socket, and returns it. */
    private static Thread awaitSleep(String name) throws Exception {
        while (true) {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals(name) && isAsleepInACall(thread)) {
                    return thread;
                }
            }
            pause();
        }
    }

    /** Of a thread that waits in native code the Java runtime says that it runs, and the system that it sleeps. */
    private static boolean isAsleepInACall(Thread thread) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).strip().equals(thread.getName())) {
                    return thread.getState() == Thread.State.RUNNABLE
                            && Files.readString(task.resolve("stat")).contains(") S ");
                }
            }
        } catch (NoSuchFileException e) {
            // a thread ended meanwhile
        }
        return false;
    }

    private static long sockets() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(NativeSocketsTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** Lets the hang guard end a wait, which it does by an interrupt. */
    private static void pause() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("what the test waits for has not happened");
        }
        LockSupport.parkNanos(1_000_000);
    }

    /** The server's side of an exchange, with memory of its own. */
    private static final class Exchange {

        static final int CAPACITY = 20;

        private final DatagramServerSocket server;
        private final NativeBytes request;
        private final NativeBytes response;
        private final DatagramPeer peer;

        Exchange(NativeSockets sockets, DatagramServerSocket server) {
            this.server = server;
            request = sockets.allocate(CAPACITY);
            response = sockets.allocate(CAPACITY);
            peer = new DatagramPeer(sockets);
        }

        /** Returns the request that was received, or null. */
        @Nullable
        String receive(long waitMillis) throws IOException {
            request.bytes().clear();
            return server.receive(request, peer, waitMillis)
                    ? StandardCharsets.ISO_8859_1.decode(request.bytes().flip()).toString()
                    : null;
        }

        boolean answer(String text) throws IOException {
            response.bytes().clear().put(bytes(text)).flip();
            return server.send(response, peer);
        }
    }
}
