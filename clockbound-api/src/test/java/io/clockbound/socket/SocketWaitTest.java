/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.SelectionKey;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ends a wait for a socket, by every way into the kernel. */
class SocketWaitTest extends EachNativeSockets {

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

    @ParameterizedTest
    @MethodSource("all")
    void aClosedClientDoesNotWaitAndOpensNoDescriptor(NativeSockets sockets) throws Exception {
        try (DatagramServerSocket server = bind(sockets)) {
            assertThat(server.hasRequest()).isFalse();
            UnixDatagramSocket waited = connected(sockets, "clockbound-test-closed");
            assertThat(waited.await(SelectionKey.OP_READ, 1)).isFalse();
            waited.close();
            assertThatThrownBy(() -> waited.await(SelectionKey.OP_READ, LONG_MILLIS))
                    .isInstanceOf(IOException.class);
            UnixDatagramSocket never = connected(sockets, "clockbound-test-closed");
            never.close();
            long before = descriptors();
            assertThatThrownBy(() -> never.await(SelectionKey.OP_READ, LONG_MILLIS))
                    .isInstanceOf(IOException.class);
            assertThat(descriptors()).isEqualTo(before);
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

    /** Waits until the system has put a thread to sleep in a call for a socket, and returns it. */
    static Thread awaitSleep(String name) throws Exception {
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
        return descriptors("socket:");
    }

    /** Returns how many descriptors are open that are no files: sockets, pipes, and what selectors are made of. */
    private static long descriptors() throws IOException {
        return descriptors("socket:", "pipe:", "anon_inode:");
    }

    private static long descriptors(String... kinds) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(descriptor -> Stream.of(kinds).anyMatch(target(descriptor)::startsWith))
                    .count();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    /** Lets the hang guard end a wait, which it does by an interrupt. */
    private static void pause() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("what the test waits for has not happened");
        }
        LockSupport.parkNanos(1_000_000);
    }
}
