/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon of ClockBound 3 writes the same segment as ours. */
@Timeout(120)
class ForeignWriterTest {

    /** How far the wall clock was stepped between the record of ours and that of the other program. */
    private static final long STEP_NANOS = 1_500_000;

    private static final Duration STORM = Duration.ofSeconds(3);

    @TempDir
    private Path temporary;

    private SegmentStage stage;

    @BeforeEach
    void prepare() {
        stage = new SegmentStage(temporary.resolve("clockbound"));
    }

    @Test
    void theRecordsOfAnotherProgramAreNeverReadWithOurWitness() throws IOException {
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm0())) {
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            stage.local().stepWallNanos(STEP_NANOS);
            ForeignSegment other = ForeignSegment.open(stage.shm0());
            other.writeNanosIntoVoidAfter(stage.local().monotonicNanos(), 10_000);
            BoundedInstant now = reader.now();
            assertThat(now.earliestNanos()).isEqualTo(stage.local().trueNanos() + STEP_NANOS - 10_001);
            assertThat(now.latestNanos()).isEqualTo(stage.local().trueNanos() + STEP_NANOS + 10_001);
        }
    }

    @Test
    void aHalfWrittenForeignRecordIsNotReadAsOurs() throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        for (int words = 1; words <= 8; words++) {
            stage.serveOnce(ClockStatus.SYNCHRONIZED);
            ForeignSegment half = ForeignSegment.open(stage.shm0());
            for (int word = 0; word < words; word++) {
                half.bytes().putLong(16 + 8 * word, word == 0 ? 1_000 : 3 + word); // as-of 1000 s, as now
            }
            half.bytes().putShort(14, (short) (half.bytes().getShort(14) + 2));
            assertThat(SegmentExtension.isIn(SegmentStage.bytes(stage.shm0()))).isFalse();
        }
    }

    @Test
    void aForeignWriterIsReportedOnceAndStaysInTheStatusWhileItWrites() throws IOException {
        try (TransportServer server = stage.serve()) {
            ForeignSegment other = ForeignSegment.open(stage.shm0());
            for (int i = 0; i < 300; i++) {
                server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
                other.write(stage.local().monotonicNanos() - 1, 50_000, ClockStatus.SYNCHRONIZED);
                stage.local().advance(Duration.ofSeconds(1));
            }
            assertThat(server.problems())
                    .singleElement()
                    .asString()
                    .contains("another program writes into", "--shm-dir");
            for (int i = 0; i < 62; i++) {
                server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
                stage.local().advance(Duration.ofSeconds(1));
            }
            assertThat(server.problems()).isEmpty();
        }
        assertThat(stage.failures()).hasSize(1).first().asString().contains("another program writes", "stop one");
    }

    @Test
    void aWipedSegmentIsReportedAndWrittenAgain() throws IOException {
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm0())) {
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            ClockBound3Writer other = ClockBound3Writer.start(stage.shm0());
            assertThat(reader.read().status()).isEqualTo(ClockStatus.UNKNOWN);
            other.write(0, 0, ClockStatus.UNKNOWN);
            stage.local().advance(Duration.ofMillis(100));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.UNKNOWN);
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            stage.local().advance(Duration.ofMillis(100));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            other.write(stage.local().monotonicNanos(), 20_000, ClockStatus.SYNCHRONIZED);
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
        assertThat(stage.failures()).hasSize(2);
        assertThat(stage.failures().get(0)).hasMessageContaining("was wiped or truncated");
        assertThat(stage.failures().get(1)).hasMessageContaining("another program writes into");
    }

    @Test
    void noInterleavingOfTwoWritersMakesAForeignRecordOurs() throws Exception {
        LocalClock local = LocalClock.system();
        AtomicInteger ours = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        duringAStormOf(local, () -> {
            try {
                SegmentMapping segment = SegmentMapping.open(stage.shm0());
                ByteBuffer copy = segment.copy();
                if (segment.stateAt(stage.shm0()) != SegmentFileState.UNCHANGED) {
                    SegmentTruncation.check();
                } else if (copy != null) {
                    SegmentRecord record = SegmentLayout.V2.decode(copy);
                    (record.isOurs() ? ours : others).incrementAndGet();
                    if (record.isOurs() && record.bound().witnessNanos() != 0) {
                        ClockErrorBound bound = record.bound();
                        assertThat(bound.maxDriftPpb()).isEqualTo(50_000);
                        assertThat(bound.correctionNanos()).isEqualTo(bound.asOfNanos() % 1_000);
                        assertThat(copy.getLong(48)).isEqualTo(bound.symmetricBoundNanos());
                    }
                }
            } catch (IOException | InternalError e) {
                // wiped a moment ago
            }
        });
        assertThat(ours).hasPositiveValue();
        assertThat(others).hasPositiveValue();
    }

    @Test
    void aReaderBesideBothDaemonsAlwaysHasAnIntervalWithTrueTime() throws Exception {
        LocalClock local = LocalClock.system();
        AtomicInteger trusted = new AtomicInteger();
        server(local).close();
        try (SegmentClock reader = SegmentClock.open(stage.shm0(), "", local)) {
            duringAStormOf(local, () -> {
                long before = local.epochNanos();
                BoundedInstant now = reader.read();
                long after = local.epochNanos();
                trusted.addAndGet(now.status().isTrusted() ? 1 : 0);
                assertThat(now.earliestNanos()).isLessThan(after);
                assertThat(now.latestNanos()).isGreaterThan(before);
            });
        }
        assertThat(trusted).hasPositiveValue();
    }

    /** Lets both daemons write as fast as they can, the other starting again and again, while something is done. */
    private void duringAStormOf(LocalClock local, Runnable step) throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
        try (TransportServer server = server(local)) {
            Thread our = thread(isOver, faults, () -> server.publish(ours(local)));
            Thread other = thread(isOver, faults, () -> writeAfterWiping(local, isOver));
            try {
                long end = local.monotonicNanos() + STORM.toNanos();
                while (local.monotonicNanos() - end < 0) {
                    step.run();
                }
            } finally {
                isOver.set(true);
                our.join();
                other.join();
            }
        }
        assertThat(faults).isEmpty();
    }

    private TransportServer server(LocalClock local) throws IOException {
        return new ShmTransport(stage.directory(), temporary.resolve("vmclock0"))
                .serve(new SettableClock(), () -> "{}", local, failure -> {});
    }

    private void writeAfterWiping(LocalClock local, AtomicBoolean isOver) throws IOException {
        ClockBound3Writer writer = ClockBound3Writer.start(stage.shm0());
        writer.write(0, 0, ClockStatus.UNKNOWN);
        for (int i = 0; i < 20_000 && !isOver.get(); i++) {
            writer.write(local.monotonicNanos(), 30_000, ClockStatus.SYNCHRONIZED);
        }
    }

    /** Returns a poll whose correction tells of its as-of, up to a µs. */
    private static PollOutcome ours(LocalClock local) {
        PollOutcome poll = SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
        long correctionNanos = poll.bound().asOfNanos() % 1_000;
        ClockErrorBound bound = new ClockErrorBound(
                poll.bound().asOfNanos(),
                poll.bound().voidAfterNanos(),
                correctionNanos,
                poll.bound().boundNanos(),
                50_000,
                ClockStatus.SYNCHRONIZED,
                poll.bound().witnessNanos(),
                null);
        return new PollOutcome(
                poll.result(),
                poll.detail(),
                poll.peer(),
                poll.snapshot(),
                Optional.empty(),
                bound,
                bound.voidAfterNanos(),
                0);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static Thread thread(AtomicBoolean isOver, Queue<Throwable> faults, Work work) {
        Thread thread = new Thread(() -> {
            while (!isOver.get()) {
                try {
                    work.run();
                } catch (IOException | RuntimeException | Error e) {
                    faults.add(e);
                    return;
                }
            }
        });
        thread.start();
        return thread;
    }
}
