/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.Witness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader whose monotonic clock is not the writer's: the machine was booted anew, or it is in another time namespace. */
class OtherMonotonicClockTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "3000000000, DISRUPTED",
        "3000001, DISRUPTED",
        "1500000, DISRUPTED",
        "11000, DISRUPTED",
        "-11000, DISRUPTED",
        "-1500000, DISRUPTED",
        "-3000001, DISRUPTED",
        "-3000000000, UNKNOWN",
        "-9000000000000000, UNKNOWN",
        "9000000000000000, UNKNOWN"
    })
    void theWitnessTellsThatTheRecordIsNotOfThisClock(long aheadNanos, ClockStatus status) throws IOException {
        SegmentStage stage = new SegmentStage(directory);
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (SegmentClock clock = SegmentClock.open(stage.shm0(), "", new Shifted(stage.local(), aheadNanos))) {
            assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(status));
            assertThatThrownBy(clock::now)
                    .isInstanceOf(ClockNotTrustedException.class)
                    .hasMessageContaining(aheadNanos == 9_000_000_000_000_000L ? "last written" : "time namespace");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {9_000, 100, 0, -100, -9_000})
    void theUncertaintyOfTheWitnessesWidensTheInterval(long aheadNanos) throws IOException {
        SegmentStage stage = new SegmentStage(directory);
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (SegmentClock own = stage.open(stage.shm0());
                SegmentClock other = SegmentClock.open(stage.shm0(), "", new Shifted(stage.local(), aheadNanos))) {
            BoundedInstant here = own.now();
            BoundedInstant there = other.now();
            assertThat(there.earliestNanos()).isLessThanOrEqualTo(here.earliestNanos());
            assertThat(there.latestNanos()).isGreaterThanOrEqualTo(here.latestNanos());
            assertThat(there.halfWidthNanos()).isLessThanOrEqualTo(here.halfWidthNanos() + 2 * Math.abs(aheadNanos));
        }
    }

    @ParameterizedTest
    @CsvSource({"10005, 60010, SYNCHRONIZED", "-10005, 60010, SYNCHRONIZED", "10006, 50000, DISRUPTED"})
    void theWriterMayHaveComparedItsClocksWorseThanTheReaderByTenMicroseconds(
            long apartNanos, long halfWidthNanos, ClockStatus status) {
        ClockErrorBound written = new ClockErrorBound(0, 9, 0, 50_000, 0, ClockStatus.SYNCHRONIZED, 700, null);
        ClockErrorBound read = new SegmentRecord(written, true).boundWith(new Witness(700 + apartNanos, 5, 0));
        assertThat(read.status()).isEqualTo(status);
        assertThat(read.boundNanos()).isEqualTo(halfWidthNanos);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_500_000, -11_000})
    void aStepThatIsTooSmallForReadingsIsSeenWhenTheRecordIsCopied(long nanos) throws IOException {
        SegmentStage stage = new SegmentStage(directory);
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (SegmentClock before = stage.open(stage.shm0())) {
            BoundedInstant unstepped = before.now();
            stage.local().stepWallNanos(nanos);
            assertThat(before.now()).as("the witness is still right").isEqualTo(unstepped);
            try (SegmentClock after = stage.open(stage.shm0())) {
                assertThat(after.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.DISRUPTED));
                stage.serveOnce(ClockStatus.SYNCHRONIZED);
                assertThat(after.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            }
        }
    }

    @Test
    void aSlowComparisonOfTheClocksRaisesNoAlarm() throws IOException {
        SegmentStage stage = new SegmentStage(directory);
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        stage.local().readingCosts(Duration.ofNanos(40_000)); // the reader is interpreted, or disturbed each time
        try (SegmentClock clock = stage.open(stage.shm0())) {
            BoundedInstant now = clock.now();
            assertThat(now.earliestNanos()).isLessThan(stage.local().trueNanos());
            assertThat(now.latestNanos()).isGreaterThan(stage.local().trueNanos());
        }
    }

    @Test
    void aRestartedDaemonWithdrawsIt() throws IOException {
        SegmentStage stage = new SegmentStage(directory);
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        stage.serve(new Shifted(stage.local(), 3_000_000_000L)).close();
        try (SegmentClock clock = stage.open(stage.shm0())) {
            assertThat(clock.read().status()).isEqualTo(ClockStatus.UNKNOWN);
        }
    }

    /** A clock whose monotonic part is so far ahead of another's. */
    record Shifted(LocalClock clock, long aheadNanos) implements LocalClock {

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public long monotonicNanos() {
            return clock.monotonicNanos() + aheadNanos;
        }
    }
}
