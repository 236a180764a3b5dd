/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.spi.LeapStatus;
import io.clockbound.testing.FakeTimeSource;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeapSecondTest {

    private static final Instant MIDNIGHT = Instant.parse("2027-01-01T00:00:00Z");
    private static final long MIDNIGHT_NANOS = BoundedInstant.epochNanos(MIDNIGHT);
    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    private LeapSecond leapSecond = LeapSecond.NONE;
    private final FakeTimeSource source = new FakeTimeSource();
    private @Nullable Instant measured;

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
    void noIntervalAroundACorrectedClockReachesTheAnnouncedMidnight() {
        admits(LeapStatus.INSERT_SECOND, -60 * SECOND);
        long witness = MIDNIGHT_NANOS - 60 * SECOND;
        ClockErrorBound slow = new ClockErrorBound(
                0, 1_000 * SECOND, 300 * MILLI, 2 * MILLI, 0, ClockStatus.SYNCHRONIZED, witness, null);
        assertThat(leapSecond.limit(slow).voidAfterNanos()).isEqualTo(60 * SECOND - 300 * MILLI - 2 * MILLI - 1);
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
        assertThat(admits(LeapStatus.INSERT_SECOND, -2 * MILLI)).isFalse();
        assertThat(admits(LeapStatus.INSERT_SECOND, -2 * MILLI - 1)).isTrue();
    }

    @Test
    void afterMidnightAReplyIsRefusedUntilTheLeapIsOver() {
        admits(LeapStatus.INSERT_SECOND, -60 * SECOND);
        source.update(MIDNIGHT.plusSeconds(2));
        assertThat(admits(LeapStatus.INSERT_SECOND, 3 * SECOND)).isFalse();
        assertThat(admits(LeapStatus.NORMAL, 4 * SECOND)).isTrue();
    }

    @Test
    void afterMidnightAReplyIsRefusedUntilTheSourceHasMeasuredAgain() {
        admits(LeapStatus.INSERT_SECOND, -60 * SECOND);
        source.update(MIDNIGHT.plusNanos(SECOND - 1)); // by a clock that missed the second it is 23:59:59
        assertThat(admits(LeapStatus.NORMAL, 3 * SECOND)).isFalse();
        source.update(MIDNIGHT.plusSeconds(1));
        assertThat(admits(LeapStatus.NORMAL, 4 * SECOND)).isTrue();
        assertThat(voidAfterSeconds(-4, 0)).isEqualTo(1000.0);
    }

    @Test
    void afterMidnightAReplyIsRefusedThatTellsOfAMeasurementFromBefore() {
        admits(LeapStatus.INSERT_SECOND, -60 * SECOND);
        source.update(MIDNIGHT.plusSeconds(55)); // the source turned to another server, measured before midnight
        measured = MIDNIGHT.minusSeconds(1);
        assertThat(admits(LeapStatus.NORMAL, 59 * SECOND)).isFalse();
        measured = MIDNIGHT.plusSeconds(58);
        assertThat(admits(LeapStatus.NORMAL, 60 * SECOND)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2027-01-01", "2026-07-01", "2026-04-01", "2028-03-01"})
    void anAnnouncementThatIsFirstHeardAfterMidnightIsOfTheOneJustPast(String firstOfMonth) {
        Instant midnight = Instant.parse(firstOfMonth + "T00:00:00Z");
        source.update(midnight.minusSeconds(5));
        assertThat(admits(LeapStatus.INSERT_SECOND, midnight.plusSeconds(2))).isFalse();
        assertThat(admits(LeapStatus.NORMAL, midnight.plusSeconds(3))).isFalse();
        source.update(midnight.plusSeconds(1));
        assertThat(admits(LeapStatus.INSERT_SECOND, midnight.plusSeconds(4))).isFalse();
        assertThat(admits(LeapStatus.NORMAL, midnight.plusSeconds(5))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-12-31", "2026-06-30", "2026-09-30", "2028-02-29", "2027-02-28"})
    void anAnnouncementOnTheLastDayOfAMonthIsOfTheComingMidnight(String lastOfMonth) {
        Instant morning = Instant.parse(lastOfMonth + "T00:00:00Z");
        assertThat(admits(LeapStatus.INSERT_SECOND, morning)).isTrue();
        assertThat(admits(LeapStatus.INSERT_SECOND, morning.plusSeconds(86_399)))
                .isTrue();
        assertThat(admits(LeapStatus.INSERT_SECOND, morning.plusSeconds(86_400)))
                .isFalse();
    }

    @Test
    void anAnnouncementThatComesADayEarlyIsRefusedUntilTheDayAndThenCounts() {
        assertThat(admits(LeapStatus.INSERT_SECOND, MIDNIGHT.minusSeconds(86_401)))
                .isFalse();
        assertThat(admits(LeapStatus.INSERT_SECOND, MIDNIGHT.minusSeconds(60))).isTrue();
        assertThat(admits(LeapStatus.NORMAL, MIDNIGHT.plusSeconds(1))).isFalse();
    }

    /** Asks with an interval of ±2 ms around an instant that is so far from midnight. */
    private boolean admits(LeapStatus leap, long fromMidnightNanos) {
        return admits(leap, MIDNIGHT.plusNanos(fromMidnightNanos));
    }

    private boolean admits(LeapStatus leap, Instant wall) {
        long latestNanos = BoundedInstant.epochNanos(wall) + 2 * MILLI;
        leapSecond = leapSecond.after(leap, latestNanos);
        long measuredNanos =
                BoundedInstant.epochNanos(measured == null ? source.snapshot().referenceTime() : measured);
        boolean isAdmitted = leapSecond.admits(source.leap(leap).snapshot(), measuredNanos, latestNanos);
        leapSecond = leapSecond.isOver(source.snapshot(), measuredNanos, latestNanos) ? LeapSecond.NONE : leapSecond;
        return isAdmitted;
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
        return new ClockErrorBound(0, holdover, 0, 2 * MILLI, driftPpb, ClockStatus.SYNCHRONIZED, witness, null);
    }

    private static long latestAt(ClockErrorBound bound, long monotonicNanos) {
        return monotonicNanos + bound.witnessNanos() + bound.boundNanosAt(monotonicNanos);
    }
}
