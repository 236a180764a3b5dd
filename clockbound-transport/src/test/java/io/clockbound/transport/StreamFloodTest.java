/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.transport.Clients.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that harm themselves, and one beside them that must not notice. */
@Timeout(120)
class StreamFloodTest {

    private static final String INTERVAL = "01010000" + "00000000000003e8" + "00000000000007d0";
    private static final String NOW = "01010000";
    private static final int MAX_CONNECTIONS = 4;

    private final StoppedClock local = new StoppedClock();
    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    private TransportServer server;
    private Clients clients;

    @BeforeEach
    void serve() throws IOException {
        Map<String, String> settings = Map.of(
                "run-dir", directory.resolve("run").toString(), "max-connections", Integer.toString(MAX_CONNECTIONS));
        server = new StreamTransport()
                .with(settings)
                .serve(
                        SettableClock.at(1_000, 2_000, ClockStatus.SYNCHRONIZED),
                        () -> "x".repeat(8_000),
                        local,
                        failures::add);
        clients = new Clients(directory, server.address());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void clientsThatNeverReadBlockOnlyThemselves() throws Exception {
        try (Client innocent = innocent(200);
                Client stuck = clients.start("glut", "3")) {
            assertThat(stuck.readLine()).isEqualTo("stuck");
            assertThat(innocent.finish()).containsExactly("200");
        }
        assertThat(ServerCounts.of(server).turnedAway()).isZero();
    }

    @Test
    void clientsThatStallInMidRequestBlockOnlyThemselves() throws Exception {
        try (Client innocent = innocent(200);
                Client stuck = clients.start("drip", "3")) {
            assertThat(stuck.readLine()).isEqualTo("stuck");
            assertThat(innocent.finish()).containsExactly("200");
        }
    }

    @Test
    void noClientAddsAThreadAndTheThreadsEndWhateverTheyWaitFor() throws Exception {
        assertThat(threads()).isEqualTo(2);
        try (Client gluttons = clients.start("glut", "2");
                Client dripping = clients.start("drip", "2")) {
            assertThat(gluttons.readLine()).isEqualTo("stuck");
            assertThat(dripping.readLine()).isEqualTo("stuck");
            awaitAnswersThatNobodyReads();
            assertThat(threads()).isEqualTo(2);
            server.close();
            assertThat(threads()).isZero();
        }
    }

    @Test
    void turnsAClientAwayWhileAllConnectionsAreInUse() throws Exception {
        List<SocketLink> used = useAllConnections();
        local.advance(999);
        assertThat(clients.run("converse", NOW)).containsExactly("");
        assertThat(clients.run("converse", NOW)).containsExactly("");
        assertThat(ServerCounts.of(server).turnedAway()).isEqualTo(2);
        assertThat(failures).as("the first of a run").singleElement().asString().contains("--max-connections");
        for (SocketLink link : used) {
            ask(link);
            link.close();
        }
        while (ServerCounts.of(server).turnedAway() == 2
                && !clients.run("converse", NOW).get(0).equals(INTERVAL)) {
            pause(); // the server has yet to hear that they were closed
        }
        assertThat(clients.run("converse", NOW)).containsExactly(INTERVAL);
    }

    @Test
    void aNewClientReplacesTheOneThatHasBeenIdleLongest() throws Exception {
        List<SocketLink> used = useAllConnections();
        local.advance(500);
        for (int i : new int[] {0, 2, 3}) {
            ask(used.get(i));
        }
        local.advance(500);
        assertThat(clients.run("converse", NOW)).containsExactly(INTERVAL);
        for (int i : new int[] {0, 2, 3}) {
            ask(used.get(i));
        }
        assertThat(isClosed(used.get(1))).isTrue();
        for (SocketLink link : used) {
            link.close();
        }
    }

    @Test
    void clientsThatHoldAllConnectionsDoNotKeepOthersOutForLong() throws Exception {
        try (Client gluttons = clients.start("glut", "2");
                Client dripping = clients.start("drip", "2")) {
            assertThat(gluttons.readLine()).isEqualTo("stuck");
            assertThat(dripping.readLine()).isEqualTo("stuck");
            awaitAnswersThatNobodyReads();
            local.advance(1_000);
            for (int i = 0; i < 3; i++) {
                assertThat(clients.run("converse", NOW)).containsExactly(INTERVAL);
            }
        }
    }

    @Test
    void clientsThatComeAndGoLeaveNothingBehind() throws Exception {
        clients.run("hit_and_run", "100");
        long descriptors = settled(StreamFloodTest::descriptors);
        try (Client innocent = innocent(200)) {
            clients.run("hit_and_run", "3000");
            assertThat(innocent.finish()).containsExactly("200");
        }
        while (descriptors() > descriptors) {
            pause();
        }
    }

    @Test
    void randomBytesEndWithAnErrorAndLeaveNothingBehind() throws Exception {
        assertThat(clients.run("stream_noise", "100", "1")).containsExactly("0");
        long descriptors = settled(StreamFloodTest::descriptors);
        try (Client innocent = innocent(200)) {
            assertThat(clients.run("stream_noise", "3000", "2")).containsExactly("0");
            assertThat(innocent.finish()).containsExactly("200");
        }
        while (descriptors() > descriptors) {
            pause();
        }
        assertThat(failures).isEmpty();
    }

    private Client innocent(int count) throws Exception {
        Client innocent = clients.start("stream_innocent", Integer.toString(count), INTERVAL);
        assertThat(innocent.readLine()).isEqualTo("ready");
        innocent.begin();
        return innocent;
    }

    private List<SocketLink> useAllConnections() throws IOException {
        List<SocketLink> used = new ArrayList<>();
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            used.add(StreamLink.open(Path.of(server.address()), LocalClock.system()));
            ask(used.get(i));
        }
        return used;
    }

    private static void ask(SocketLink link) throws IOException {
        long deadlineNanos = LocalClock.system().monotonicNanos() + TimeUnit.MINUTES.toNanos(1);
        assertThat(link.ask(Request.NOW, deadlineNanos)).isEqualTo(new Response.Interval(false, 1_000, 2_000));
    }

    private static boolean isClosed(SocketLink link) {
        try {
            ask(link);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Waits until the server is stuck: it answers no more. */
    private void awaitAnswersThatNobodyReads() throws InterruptedException {
        settled(() -> ServerCounts.of(server).requests(RequestResult.ANSWERED));
    }

    /** Waits until a number does not change any more, and returns it. */
    private static long settled(LongSupplier number) throws InterruptedException {
        long before = -1;
        for (int same = 0; same < 100; same++) {
            long now = number.getAsLong();
            same = now == before ? same : 0;
            before = now;
            pause();
        }
        return before;
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("clockbound-stream"))
                .count();
    }

    /** Lets the hang guard end a wait, which it does by an interrupt. */
    private static void pause() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("what the test waits for has not happened");
        }
        LockSupport.parkNanos(1_000_000);
    }

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A clock that a test moves. */
    private static final class StoppedClock implements LocalClock {

        private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

        void advance(long millis) {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        }

        @Override
        public long monotonicNanos() {
            return nanos.get();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }
    }
}
