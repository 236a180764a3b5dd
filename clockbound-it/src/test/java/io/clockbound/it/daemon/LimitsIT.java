/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedClock;
import io.clockbound.ClockStatus;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.ControlGroup;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.LibraryClient;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.Program;
import io.clockbound.it.Reading;
import io.clockbound.it.SegmentClient;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A daemon that the system gives little: what it lacks it says, and who is served stays served. */
@Timeout(300)
class LimitsIT {

    private static final String NOBODY_ELSE = "54321";
    private static final int CLIENTS = 40;
    private static final int MANY = 40_000;

    /** What the units of the packages allow is four times that. */
    private static final long LITTLE_BYTES = 64L << 20;

    /** What is neither answered nor refused for so long never will be. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @BeforeAll
    static void require() {
        Prerequisites.require();
        Prerequisites.require(
                "root".equals(System.getProperty("user.name")),
                "another user cannot be taken on: run the tests as root");
    }

    @Test
    void withoutMoreThreadsEveryClientIsServed() throws Exception {
        // enough for the start; a thread for each of the clients would be too many
        List<String> limiter = List.of(
                "setpriv",
                "--reuid=" + NOBODY_ELSE,
                "--regid=" + NOBODY_ELSE,
                "--clear-groups",
                "prlimit",
                "--nproc=30");
        try (Place place = Place.of(NOBODY_ELSE);
                TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = place.daemonUnder(limiter, chronyd);
                DatagramClient datagram = new DatagramClient(place.path.resolve("client"), daemon.socket());
                BoundedClock segment = ClockBoundClients.sharedMemory(place.segment())) {
            Deadline.await(() -> "synchronisation", () -> datagram.now().isTrusted());
            List<BoundedClock> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(ClockBoundClients.stream(daemon.streamSocket(), PATIENCE));
            }
            for (BoundedClock client : clients) {
                assertThat(client.now().status().isTrusted()).isTrue();
                client.close();
            }
            assertThat(datagram.now().isTrusted()).isTrue();
            assertThat(segment.now().status().isTrusted()).isTrue();
            assertThat(daemon.terminate()).isZero();
        }
    }

    @Test
    void withoutMoreDescriptorsAClientIsAnsweredOrRefusedAndOthersNoticeNothing() throws Exception {
        try (Place place = Place.of("0");
                TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = place.daemonUnder(List.of("prlimit", "--nofile=64:64"), chronyd);
                DatagramClient datagram = new DatagramClient(place.path.resolve("client"), daemon.socket());
                BoundedClock segment = ClockBoundClients.sharedMemory(place.segment())) {
            Deadline.await(() -> "synchronisation", () -> datagram.now().isTrusted());
            List<BoundedClock> answered = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                try {
                    answered.add(ClockBoundClients.stream(daemon.streamSocket(), PATIENCE));
                } catch (IOException refused) {
                    assertThat(refused).hasMessageNotContaining("no response in time");
                }
                assertThat(datagram.now().isTrusted()).isTrue();
                assertThat(segment.now().status().isTrusted()).isTrue();
            }
            assertThat(answered).isNotEmpty();
            assertThat(daemon.countInLog("allow this process more open files")).isOne();
            for (BoundedClock client : answered) {
                client.close();
            }
            try (BoundedClock again = ClockBoundClients.stream(daemon.streamSocket(), PATIENCE)) {
                assertThat(again.now().status().isTrusted()).isTrue();
            }
            assertThat(daemon.terminate()).isZero();
        }
    }

    @Test
    void withAHundredthOfAProcessorItKeepsThePromiseAndIsSynchronisedAgainAfterwards() throws Exception {
        Prerequisites.require(ControlGroup.isAllowed(), "no control group can be made: run the tests as root");
        try (Place place = Place.of("0");
                TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = place.daemonUnder(List.of(), chronyd);
                DatagramClient datagram = new DatagramClient(place.path.resolve("client"), daemon.socket());
                SegmentClient segment = SegmentClient.of(place.segment());
                ControlGroup hundredth = ControlGroup.ofProcessors(1)) {
            Deadline.await(() -> "synchronisation", () -> datagram.now().isTrusted());
            hundredth.add(daemon.pid());
            AtomicBoolean isStarved = new AtomicBoolean(true);
            CompletableFuture<Integer> greedy = ask(daemon, isStarved);
            Deadline starved = Deadline.in(Duration.ofSeconds(15));
            while (!starved.isOver()) {
                Reading reading = segment.now();
                assertThat(!reading.isTrusted() || reading.holdsWallClock())
                        .as(reading.toString())
                        .isTrue();
                Deadline.pause();
            }
            isStarved.set(false);
            assertThat(hundredth.throttled()).isGreaterThan(50);
            assertThat(daemon.isRunning()).isTrue();
            hundredth.release(daemon.pid());
            Deadline.await(() -> "synchronisation", () -> segment.now().status() == ClockStatus.SYNCHRONIZED);
            assertThat(greedy.join())
                    .as("requests that were answered meanwhile")
                    .isPositive();
            Reading answer = datagram.now();
            assertThat(answer.isTrusted() && answer.holdsWallClock()).isTrue();
            assertThat(daemon.terminate()).isZero();
        }
    }

    /** Asks without pause, so that nothing is left for the polls; every interval has to contain true time. */
    private static CompletableFuture<Integer> ask(DaemonProcess daemon, AtomicBoolean isGoingOn) {
        return CompletableFuture.supplyAsync(() -> {
            int answers = 0;
            try (LibraryClient client = new LibraryClient(ClockBoundClients.stream(daemon.streamSocket(), PATIENCE))) {
                while (isGoingOn.get()) {
                    Reading reading = client.now();
                    if (reading.isTrusted()) {
                        assertThat(reading.holdsWallClock())
                                .as(reading.toString())
                                .isTrue();
                        answers++;
                    }
                }
                return answers;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void withLittleMemoryEveryClientIsServed() throws Exception {
        Prerequisites.require(ControlGroup.isAllowed(), "no control group can be made: run the tests as root");
        try (Place place = Place.of("0");
                TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                ControlGroup little = ControlGroup.ofMemory(LITTLE_BYTES)) {
            List<BoundedClock> clients = new ArrayList<>();
            try (DaemonProcess daemon = place.daemonUnder(little.enter(), chronyd);
                    SegmentClient segment = SegmentClient.of(place.segment())) {
                Deadline.await(() -> "synchronisation", () -> segment.now().isTrusted());
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(ClockBoundClients.stream(daemon.streamSocket(), PATIENCE));
                }
                for (int i = 0; i < MANY; i++) {
                    assertThat(clients.get(i % CLIENTS).now().status().isTrusted())
                            .isTrue();
                }
                assertThat(segment.now().isTrusted()).isTrue();
                assertThat(daemon.terminate()).isZero();
            } finally {
                clients.forEach(BoundedClock::close);
            }
        }
    }

    /** A directory that belongs to a user, outside of those that only root may enter. */
    private record Place(Path path) implements AutoCloseable {

        static Place of(String user) throws IOException, InterruptedException {
            Path path = Files.createTempDirectory("clockbound-limits");
            Program.run(List.of("chown", user + ":" + user, path.toString()));
            return new Place(path);
        }

        Path segment() {
            return path.resolve("shm").resolve("shm0");
        }

        DaemonProcess daemonUnder(List<String> limiter, TestChronyd chronyd) throws Exception {
            DaemonProcess daemon = DaemonProcess.startUnder(
                    limiter,
                    path.resolve("run"),
                    chronyd.commandPort(),
                    "--shm-dir",
                    path.resolve("shm").toString());
            Program.run(List.of("chmod", "a+rwx", path.resolve("run").toString()));
            daemon.awaitSocket();
            Deadline.await(
                    () -> "the other transports", () -> Files.exists(daemon.streamSocket()) && Files.exists(segment()));
            return daemon;
        }

        @Override
        public void close() throws IOException {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
