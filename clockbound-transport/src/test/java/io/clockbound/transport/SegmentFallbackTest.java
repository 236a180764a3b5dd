/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.Services;
import io.clockbound.testing.FakeVmClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What connecting makes of several ways of which one knows more than the next. */
@Timeout(60)
class SegmentFallbackTest {

    @TempDir
    private Path temporary;

    private final LocalClock local = LocalClock.system();
    private SegmentStage stage;
    private Path run;
    private Path device;

    @BeforeEach
    void choosePlaces() throws IOException {
        stage = new SegmentStage(temporary.resolve("clockbound"));
        run = temporary.toRealPath().resolve("run");
        device = temporary.resolve("vmclock0");
    }

    @ParameterizedTest
    @ValueSource(longs = {-27_000_000_000L, -3_000_000, -1_500_000, 1_500_000})
    void layout1IsNotReadWhenTheWitnessOfLayout2ShowsOtherClocks(long writerAheadNanos) throws IOException {
        publish(new OtherMonotonicClockTest.Shifted(local, writerAheadNanos));
        assertLayout1AloneIsTrusted();
        try (BoundedClock clock = connect()) {
            assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.DISRUPTED));
            assertThat(clock.description()).isEqualTo("shared memory " + stage.shm0());
        }
    }

    @Test
    void layout1IsNotReadWhenTheAsOfOfLayout2IsInTheFuture() throws IOException {
        publish(new OtherMonotonicClockTest.Shifted(local, 27_000_000_000L));
        try (BoundedClock clock = connect()) {
            assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
            assertThat(clock.description()).isEqualTo("shared memory " + stage.shm0());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "DISRUPTED"})
    void layout1IsNotReadWhenLayout2IsNotTrusted(ClockStatus status) throws IOException {
        publish(local);
        ForeignSegment.create(stage.shm0()).write(local.monotonicNanos(), 50_000, status);
        assertLayout1AloneIsTrusted();
        try (BoundedClock clock = connect()) {
            assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(status));
        }
    }

    @Test
    void layout1IsNotReadWhenLayout2NeedsAVmClockThatCannotBeRead() throws IOException {
        publish(local);
        ForeignSegment.create(stage.shm0()).write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED, 7);
        assertLayout1AloneIsTrusted();
        try (BoundedClock clock = connect()) {
            assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
        }
    }

    @Test
    void layout1IsNotReadWhileLayout2IsBeingWritten() throws IOException {
        publish(local);
        ForeignSegment.open(stage.shm0()).bytes().putShort(14, (short) 5);
        assertLayout1AloneIsTrusted();
        try (BoundedClock clock = connect()) {
            assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
            assertThat(clock.description()).isEqualTo("shared memory " + stage.shm0());
        }
    }

    @Test
    void layout1IsReadWhenLayout2IsStale() throws IOException {
        publish(local);
        ForeignSegment.create(stage.shm0())
                .write(local.monotonicNanos() - Duration.ofSeconds(1_001).toNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        try (BoundedClock clock = connect()) {
            assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(clock.description())
                    .startsWith("shared memory " + stage.shm() + " (")
                    .contains("last written");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void layout1IsReadWhenTheFileOfLayout2IsNotASegment(int bytes) throws IOException {
        publish(local);
        Files.delete(stage.shm0());
        Files.write(stage.shm0(), new byte[bytes]);
        try (BoundedClock clock = connect()) {
            assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(clock.description()).startsWith("shared memory " + stage.shm() + " (");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-27_000_000_000L, -1_500_000, 27_000_000_000L})
    void aReaderWithAnotherMonotonicClockAsksTheDaemonOverItsSocket(long writerAheadNanos) throws IOException {
        publish(new OtherMonotonicClockTest.Shifted(local, writerAheadNanos));
        assertTheSocketIsTaken();
    }

    @Test
    void aReaderThatMayNotReadTheVmClockAsksTheDaemonOverItsSocket() throws IOException {
        ForeignSegment.create(makeDirectory().shm0())
                .write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED, 7);
        assertTheSocketIsTaken();
    }

    @Test
    void aSegmentThatOutlivedItsDaemonDoesNotHideTheSocketOfARunningOne() throws IOException {
        ForeignSegment.create(makeDirectory().shm0())
                .write(local.monotonicNanos() - Duration.ofSeconds(1_001).toNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        assertTheSocketIsTaken();
        ForeignSegment.create(stage.shm0()).write(local.monotonicNanos(), 50_000, ClockStatus.DISRUPTED);
        assertTheSocketIsTaken();
    }

    @Test
    void aDisruptionThatTheVmClockCountsIsNotOverruledByADaemon() throws IOException {
        FakeVmClock page = FakeVmClock.create(device, 7, 1);
        ForeignSegment segment = ForeignSegment.create(makeDirectory().shm0());
        segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED, 7);
        page.set(8, 1);
        try (TransportServer server = serveSocket();
                BoundedClock clock = connect()) {
            assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.DISRUPTED));
            assertThat(clock.description()).isEqualTo("shared memory " + stage.shm0());
            assertThat(ServerCounts.of(server).requests(RequestResult.ANSWERED)).isZero();
            segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED, 8);
            assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    private void publish(LocalClock writer) throws IOException {
        try (TransportServer server = stage.serve(writer)) {
            server.publish(SegmentStage.poll(writer, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
        }
    }

    private SegmentStage makeDirectory() throws IOException {
        Files.createDirectories(stage.directory());
        return stage;
    }

    private BoundedClock connect() throws IOException {
        return ClockBoundClients.connect(run, stage.directory(), Duration.ofMinutes(1), local, device);
    }

    private void assertLayout1AloneIsTrusted() throws IOException {
        try (BoundedClock one = ClockBoundClients.sharedMemory(stage.shm())) {
            assertThat(one.read().status().isTrusted()).isTrue();
        }
    }

    private void assertTheSocketIsTaken() throws IOException {
        try (TransportServer server = serveSocket();
                BoundedClock clock = connect()) {
            assertThat(clock.now()).isEqualTo(new BoundedInstant(1, 2, ClockStatus.SYNCHRONIZED));
            assertThat(clock.description())
                    .startsWith("stream socket " + server.address())
                    .contains(stage.shm0().toString())
                    .doesNotContain(stage.shm() + " ");
        }
    }

    private TransportServer serveSocket() throws IOException {
        return Services.named(Transport.class, "stream")
                .with(Map.of("run-dir", run.toString()))
                .serve(SettableClock.at(1, 2, ClockStatus.SYNCHRONIZED), () -> "{}", local, failure -> {});
    }
}
