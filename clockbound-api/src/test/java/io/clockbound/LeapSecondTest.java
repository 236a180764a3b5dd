/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.spi.LeapStatus;
import io.clockbound.testing.FakeTimeSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeapSecondTest {

    private static final Instant MIDNIGHT = Instant.parse("2027-01-01T00:00:00Z");
    private static final long MIDNIGHT_NANOS = BoundedInstant.epochNanos(MIDNIGHT);
    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    private final LeapSecond leapSecond = new LeapSecond();
    private final FakeTimeSource source = new FakeTimeSource();

    @Test
    void withoutAnnouncementMidnightIsAnInstantLikeAnyOther() {
        assertThat(admits(LeapStatus.NORMAL, -SECOND)).isTrue();
        assertThat(voidAfterSeconds(60, 0)).isEqualTo(1000.0);
        assertThat(admits(LeapStatus.NORMAL, SECOND)).isTrue();
    }

    @Test
    void noIntervalReachesTheAnnouncedMidnight() {
        assertThat(admits(LeapStatus.INSERT_SECOND, -60 * SECOND)).isTrue();
        ClockErrorBound bound = leapSecond.limit(bound(-60 * SECOND, 100_000_000));
        long end = bound.voidAfterNanos();
        assertThat(latestAt(bound, end)).isLessThan(MIDNIGHT_NANOS);
        assertThat(latestAt(bound, end)).isGreaterThan(MIDNIGHT_NANOS - SECOND);
    }

    @Test
    void noIntervalReachesTheSecondThatIsDeleted() {
        assertThat(admits(LeapStatus.DELETE_SECOND, -60 * SECOND)).isTrue();
        ClockErrorBound bound = leapSecond.limit(bound(-60 * SECOND, 0));
        assertThat(latestAt(bound, bound.voidAfterNanos())).isLessThan(MIDNIGHT_NANOS - SECOND);
        assertThat(admits(LeapStatus.DELETE_SECOND, -SECOND / 2)).isFalse();
    }

    @Test
    void anEarlierVoidAfterStays() {
        admits(LeapStatus.INSERT_SECOND, -2000 * SECOND);
        assertThat(voidAfterSeconds(2000, 0)).isEqualTo(1000.0);
    }

    @Test
    void anAnnouncementThatComesLateStillCounts() {
        assertThat(admits(LeapStatus.NORMAL, -2 * SECOND)).isTrue();
        assertThat(admits(LeapStatus.INSERT_SECOND, -SECOND)).isTrue();
        assertThat(voidAfterSeconds(1, 0)).isLessThan(1.0);
    }

    @Test
    void anAnnouncementThatIsWithdrawnCountsNoMore() {
        admits(LeapStatus.INSERT_SECOND, -60 * SECOND);
        assertThat(admits(LeapStatus.NORMAL, -59 * SECOND)).isTrue();
        assertThat(voidAfterSeconds(59, 0)).isEqualTo(1000.0);
    }

    @Test
    void anIntervalThatReachesMidnightAlreadyIsRefused() {
        assertThat(admits(LeapStatus.INSERT_SECOND, -MILLI)).isFalse();
    }

    @Test
    void afterMidnightAnAnswerIsRefusedUntilTheLeapIsOver() {
        admits(LeapStatus.INSERT_SECOND, -60 * SECOND);
        source.update(MIDNIGHT.plusSeconds(2));
        assertThat(admits(LeapStatus.INSERT_SECOND, 3 * SECOND)).isFalse();
        assertThat(admits(LeapStatus.NORMAL, 4 * SECOND)).isTrue();
    }

    @Test
    void afterMidnightAnAnswerIsRefusedUntilTheSourceHasMeasuredAnew() {
        admits(LeapStatus.INSERT_SECOND, -60 * SECOND);
        source.update(MIDNIGHT);
        assertThat(admits(LeapStatus.NORMAL, 3 * SECOND)).isFalse();
        source.update(MIDNIGHT.plusNanos(1));
        assertThat(admits(LeapStatus.NORMAL, 4 * SECOND)).isTrue();
        assertThat(voidAfterSeconds(-4, 0)).isEqualTo(1000.0);
    }

    /** Asks with an interval of ±2 ms around an instant that is so far from midnight. */
    private boolean admits(LeapStatus leap, long fromMidnightNanos) {
        long wallNanos = MIDNIGHT_NANOS + fromMidnightNanos;
        return leapSecond.admits(source.leap(leap).snapshot(), wallNanos - 2 * MILLI, wallNanos + 2 * MILLI);
    }

    private double voidAfterSeconds(long secondsBeforeMidnight, int driftPpb) {
        return leapSecond
                        .limit(bound(-secondsBeforeMidnight * SECOND, driftPpb))
                        .voidAfterNanos()
                / 1e9;
    }

    private static ClockErrorBound bound(long fromMidnightNanos, int driftPpb) {
        long holdover = Duration.ofSeconds(1000).toNanos();
        long witness = MIDNIGHT_NANOS + fromMidnightNanos;
        return new ClockErrorBound(0, holdover, 2 * MILLI, driftPpb, ClockStatus.SYNCHRONIZED, witness, 0);
    }

    private static long latestAt(ClockErrorBound bound, long monotonicNanos) {
        return monotonicNanos + bound.witnessNanos() + bound.boundNanosAt(monotonicNanos);
    }
}
