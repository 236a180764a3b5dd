/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.spi.Services;
import io.clockbound.testing.FakeVmClock;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a clock that was connected goes on when the ways to its daemon change. */
@Timeout(60)
class ConnectedClockTest {

    private static final Duration DUE = Duration.ofSeconds(1);
    private static final BoundedInstant SERVED = new BoundedInstant(1, 2, ClockStatus.SYNCHRONIZED);

    @TempDir
    private Path temporary;

    private final List<TransportServer> servers = new ArrayList<>();
    private SegmentStage stage;
    private SimulatedClock local;
    private Path run;
    private Path device;

    @BeforeEach
    void choosePlaces() throws IOException {
        stage = new SegmentStage(temporary.resolve("clockbound"));
        local = stage.local();
        run = temporary.toRealPath().resolve("run");
        device = temporary.resolve("vmclock0");
        Files.createDirectories(stage.directory());
    }

    @AfterEach
    void closeServers() {
        servers.forEach(TransportServer::close);
    }

    @Test
    void aDaemonThatIsRestartedWithSharedMemoryIsReadByItWithinASecond() throws IOException {
        serve("stream");
        try (BoundedClock clock = connect()) {
            assertThat(clock.now()).isEqualTo(SERVED);
            stage.serveOnce(ClockStatus.SYNCHRONIZED);
            assertThat(clock.now()).isEqualTo(SERVED);
            local.advance(DUE);
            clock.now();
            assertThat(clock.now().earliestNanos()).isGreaterThan(2);
            assertThat(clock.description()).isEqualTo("shared memory " + stage.shm0());
            assertThat(clock.toString()).contains(clock.description());
        }
    }

    @Test
    void aDaemonThatComesBackWithAnotherSocketIsFound() throws IOException {
        TransportServer before = serve("stream");
        try (BoundedClock clock = connect()) {
            before.close();
            assertThat(clock.read().status()).isEqualTo(ClockStatus.UNKNOWN);
            serve("datagram");
            local.advance(DUE);
            assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(clock::earliestNanos);
            assertThat(clock.now()).isEqualTo(SERVED);
            assertThat(clock.description()).startsWith("datagram socket ");
        }
    }

    @Test
    void theFastestWayIsTakenAgainWhenItIsTrustedAgain() throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (BoundedClock clock = connect()) {
            TransportServer stream = serve("stream");
            local.advance(Duration.ofSeconds(1_100)); // nobody has written the segment meanwhile
            clock.read();
            assertThat(clock.now()).isEqualTo(SERVED);
            assertThat(clock.description()).startsWith("stream socket " + stream.address());
            stage.serveOnce(ClockStatus.SYNCHRONIZED);
            local.advance(DUE);
            clock.latestNanos();
            assertThat(clock.description()).isEqualTo("shared memory " + stage.shm0());
        }
    }

    @Test
    void noOtherWayIsTriedWhileTheFastestIsTrusted() throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        TransportServer stream = serve("stream");
        try (BoundedClock clock = connect()) {
            for (int i = 0; i < 5; i++) {
                local.advance(DUE);
                assertThat(clock.now().status().isTrusted()).isTrue();
            }
            assertThat(ServerCounts.of(stream).requests(RequestResult.ANSWERED)).isZero();
        }
    }

    @Test
    void layout1IsNotTakenWhenLayout2LosesTrust() throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (BoundedClock clock = connect()) {
            assertThat(clock.now().status().isTrusted()).isTrue();
            ForeignSegment.open(stage.shm0()).write(local.monotonicNanos(), 50_000, ClockStatus.DISRUPTED);
            assertStays(clock, ClockStatus.DISRUPTED);
        }
    }

    @Test
    void aTrustedSocketIsLeftWhenTheVmClockShowsADisruptionToTheSegment() throws IOException {
        serve("stream");
        try (BoundedClock clock = connect()) {
            assertThat(clock.now()).isEqualTo(SERVED);
            FakeVmClock page = FakeVmClock.create(device, 7, 1);
            ForeignSegment segment = ForeignSegment.create(stage.shm0());
            segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED, 7);
            page.set(8, 1);
            local.advance(DUE);
            clock.read();
            assertStays(clock, ClockStatus.DISRUPTED);
            segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED, 8);
            assertThat(clock.now().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void aReadingDoesNotWaitForTheChoiceAndThereIsOneAtATime() throws IOException {
        Queue<Runnable> choices = new ArrayDeque<>();
        serve("stream");
        try (BoundedClock clock = connect(choices::add)) {
            stage.serveOnce(ClockStatus.SYNCHRONIZED);
            local.advance(DUE);
            for (int i = 0; i < 3; i++) {
                assertThat(clock.now()).isEqualTo(SERVED);
                local.advance(DUE);
            }
            assertThat(choices).hasSize(1);
            choices.remove().run();
            assertThat(clock.now().earliestNanos()).isGreaterThan(2);
        }
    }

    @Test
    void aThreadThatCannotBeStartedFailsNoReadingAndTheChoiceIsMadeASecondLater() throws IOException {
        AtomicInteger starts = new AtomicInteger();
        serve("stream");
        try (BoundedClock clock = connect(choice -> {
            if (starts.getAndIncrement() == 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            choice.run();
        })) {
            stage.serveOnce(ClockStatus.SYNCHRONIZED);
            local.advance(DUE);
            for (int i = 0; i < 3; i++) {
                // an assertion, because JUnit ends the run when this error comes through
                assertThatCode(() -> assertThat(clock.now()).isEqualTo(SERVED)).doesNotThrowAnyException();
            }
            assertThat(starts).hasValue(1);
            local.advance(DUE);
            clock.now();
            assertThat(clock.now().earliestNanos()).isGreaterThan(2);
        }
    }

    @Test
    void aChoiceThatEndsAfterTheCloseOpensNothing() throws IOException {
        Queue<Runnable> choices = new ArrayDeque<>();
        serve("stream");
        BoundedClock clock = connect(choices::add);
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        local.advance(DUE);
        clock.now();
        clock.close();
        choices.remove().run();
        assertThatIllegalStateException().isThrownBy(clock::now).withMessageContaining("closed");
    }

    @Test
    void readersNeverSeeTheCloseOfAWayThatWasReplaced() throws Exception {
        Queue<Runnable> choices = new ArrayDeque<>();
        serve("stream");
        AtomicBoolean isOver = new AtomicBoolean();
        try (BoundedClock clock = connect(choices::add)) {
            List<CompletableFuture<Void>> readers = Stream.generate(() -> CompletableFuture.runAsync(
                            () -> {
                                while (!isOver.get()) {
                                    clock.read();
                                }
                            },
                            command -> new Thread(command).start()))
                    .limit(3)
                    .toList();
            for (int i = 0; i < 50; i++) {
                if (i % 2 == 0) {
                    stage.serveOnce(ClockStatus.SYNCHRONIZED);
                } else {
                    Files.delete(stage.shm0());
                    Files.delete(stage.shm());
                    local.advance(Duration.ofSeconds(1_100));
                }
                local.advance(DUE);
                clock.read();
                Runnable choice = choices.poll();
                if (choice != null) {
                    choice.run();
                }
            }
            isOver.set(true);
            readers.forEach(CompletableFuture::join);
        }
    }

    @Test
    void connectingWaitsForADaemonThatStartsLater() throws Exception {
        local.delayed(Duration.ofSeconds(3).toNanos()).execute(() -> serve("stream"));
        try (BoundedClock clock = ConnectedClock.openWithin(Duration.ofMinutes(1), ways(), local)) {
            assertThat(clock.now()).isEqualTo(SERVED);
        }
        assertThat(local.elapsedNanos()).isBetween(3_000_000_000L, 3_200_000_000L);
    }

    @Test
    void connectingGivesUpAfterItsTimeAndNamesTheWaysAndTheRemedy() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ConnectedClock.openWithin(Duration.ofSeconds(2), ways(), local))
                .withMessageStartingWith("after a wait of 2 s, no daemon answers: ")
                .withMessageContaining(stage.shm0() + ": it does not exist")
                .withMessageContaining("start clockboundd");
        assertThat(local.elapsedNanos()).isBetween(2_000_000_000L, 2_200_000_000L);
    }

    @Test
    void connectingEndsWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> ConnectedClock.openWithin(Duration.ofHours(1), ways(), local));
    }

    private void assertStays(BoundedClock clock, ClockStatus status) {
        for (int i = 0; i < 3; i++) {
            assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(status));
            assertThat(clock.description()).isEqualTo("shared memory " + stage.shm0());
            local.advance(DUE);
        }
    }

    private BoundedClock connect() throws IOException {
        return connect(Runnable::run);
    }

    private BoundedClock connect(Executor choices) throws IOException {
        return ConnectedClock.open(ways(), local, choices);
    }

    private Ways ways() {
        return ClockBoundClients.ways(run, stage.directory(), Duration.ofMinutes(1), local, device);
    }

    private TransportServer serve(String transport) {
        try {
            TransportServer server = Services.named(Transport.class, transport)
                    .with(Map.of("run-dir", run.toString()))
                    .serve(SettableClock.at(1, 2, ClockStatus.SYNCHRONIZED), () -> "{}", local, failure -> {});
            servers.add(server);
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
