/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClockErrorBoundTest {

    private static final long SECOND = 1_000_000_000;

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void intervalIsTheWallClockPlusAndMinusTheBound() {
        BoundedInstant now = boundOf(1_000, 0).read(clock);
        assertThat(now.earliest()).isEqualTo(clock.instant().minusNanos(1_000));
        assertThat(now.latest()).isEqualTo(clock.instant().plusNanos(1_000));
        assertThat(now.status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void itsEndsCanBeReadWithoutAnObjectWhileItIsSynchronized() {
        ClockErrorBound bound = boundOf(1_000, 2_000);
        clock.advance(Duration.ofSeconds(5));
        BoundedInstant now = bound.read(clock);
        assertThat(bound.earliestNanos(clock)).isEqualTo(now.earliestNanos());
        assertThat(bound.latestNanos(clock)).isEqualTo(now.latestNanos());
        clock.advance(Duration.ofNanos(1));
        assertThat(bound.earliestNanos(clock)).isEqualTo(Long.MIN_VALUE);
        assertThat(bound.latestNanos(clock)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void itsEndsAreNotReadFromASteppedClock() {
        ClockErrorBound bound = boundOf(1_000, 2_000);
        clock.stepWallNanos(5_000_000);
        assertThat(bound.earliestNanos(clock)).isEqualTo(Long.MIN_VALUE);
        assertThat(bound.latestNanos(clock)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void boundGrowsByMaxDriftPerSecond() {
        ClockErrorBound bound = boundOf(1_000, 2_000);
        clock.advance(Duration.ofSeconds(3));
        assertThat(bound.boundNanosAt(clock.monotonicNanos())).isEqualTo(7_000);
    }

    @Test
    void boundGrowsWithinASecond() {
        ClockErrorBound bound = boundOf(1_000, 2_000);
        clock.advance(Duration.ofMillis(999));
        assertThat(bound.boundNanosAt(clock.monotonicNanos())).isEqualTo(2_998);
    }

    @Test
    void growthIsRoundedUp() {
        assertThat(ClockErrorBound.growthNanos(0, 1)).isZero();
        assertThat(ClockErrorBound.growthNanos(1, 1)).isEqualTo(1);
        assertThat(ClockErrorBound.growthNanos(SECOND, 1)).isEqualTo(1);
        assertThat(ClockErrorBound.growthNanos(SECOND + 1, 1)).isEqualTo(2);
    }

    @Test
    void growthIsExactAtAnyAge() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long ageNanos = random.nextLong() >>> (1 + random.nextInt(62));
            int ppb = random.nextInt(ClockErrorBound.DRIFT_LIMIT_PPB) >> random.nextInt(30);
            assertThat(ClockErrorBound.growthNanos(ageNanos, ppb)).isEqualTo(exactGrowth(ageNanos, ppb));
        }
        // backwards, as when the interval reaches beyond an announced leap second
        assertThat(ClockErrorBound.growthNanos(-400 * SECOND, 999_999_999)).isEqualTo(-399_999_999_600L);
        assertThat(ClockErrorBound.growthNanos(Long.MAX_VALUE, 999_999_999))
                .isEqualTo(exactGrowth(Long.MAX_VALUE, 999_999_999));
    }

    @Test
    void boundSaturatesInsteadOfTurningNegative() {
        ClockErrorBound bound = new ClockErrorBound(
                0, Long.MAX_VALUE, 0, Long.MAX_VALUE - 1, 999_999_999, ClockStatus.SYNCHRONIZED, 0, null);
        assertThat(bound.boundNanosAt(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void intervalSaturatesInsteadOfTurningInsideOut() {
        BoundedInstant now = boundOf(Long.MAX_VALUE, 0).read(clock);
        assertThat(now.earliestNanos()).isLessThan(0);
        assertThat(now.latestNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anIntervalAroundATimeBeforeTheEpochSaturatesOutwardAsWell() {
        clock.stepWallNanos(-2 * clock.epochNanos());
        BoundedInstant now = boundOf(Long.MAX_VALUE, 0).read(clock);
        assertThat(now.earliestNanos()).isEqualTo(Long.MIN_VALUE);
        assertThat(now.latestNanos()).isPositive();
    }

    @Test
    void synchronizedReadsAsFreeRunningAfterFiveSeconds() {
        ClockErrorBound bound = boundOf(1_000, 0);
        assertThat(bound.statusAt(bound.asOfNanos() + 5 * SECOND)).isEqualTo(ClockStatus.SYNCHRONIZED);
        assertThat(bound.statusAt(bound.asOfNanos() + 5 * SECOND + 1)).isEqualTo(ClockStatus.FREE_RUNNING);
    }

    @ParameterizedTest
    @EnumSource(names = {"SYNCHRONIZED", "FREE_RUNNING"})
    void trustEndsAtVoidAfterToTheNanosecond(ClockStatus trusted) {
        ClockErrorBound bound = boundOf(1_000, 0).withStatus(trusted);
        assertThat(bound.statusAt(bound.voidAfterNanos())).isEqualTo(ClockStatus.FREE_RUNNING);
        assertThat(bound.statusAt(bound.voidAfterNanos() + 1)).isEqualTo(ClockStatus.UNKNOWN);
        clock.advanceNanos(bound.voidAfterNanos() + 1 - clock.monotonicNanos());
        assertThat(bound.read(clock)).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "DISRUPTED"})
    void whatIsNotTrustedStaysSoAndReadsAsTheWholeTimeLine(ClockStatus untrusted) {
        ClockErrorBound bound = boundOf(1_000, 0).withStatus(untrusted);
        assertThat(bound.statusAt(bound.voidAfterNanos() + 1)).isEqualTo(untrusted);
        assertThat(bound.read(clock)).isEqualTo(BoundedInstant.unbounded(untrusted));
    }

    @ParameterizedTest
    @EnumSource
    void aReadingWithoutAnObjectIsTheSame(ClockStatus status) {
        ClockErrorBound bound = boundOf(1_000, 0);
        long atNanos = bound.asOfNanos() + SECOND;
        BoundedInstant object = bound.intervalAt(atNanos, status);
        BoundedReading room = new BoundedReading();
        bound.intervalAt(atNanos, status, room);
        assertThat(room.earliestNanos()).isEqualTo(object.earliestNanos());
        assertThat(room.latestNanos()).isEqualTo(object.latestNanos());
        assertThat(room.status()).isEqualTo(status);
    }

    @Test
    void nothingIsKnownBeforeTheFirstPoll() {
        assertThat(ClockErrorBound.unknown().read(clock)).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
    }

    @Test
    void anAsOfWithinATickAheadCountsAsNow() {
        ClockErrorBound bound = boundOf(1_000, 2_000);
        assertThat(bound.statusAt(bound.asOfNanos() - 10_000_000)).isEqualTo(ClockStatus.SYNCHRONIZED);
        assertThat(bound.boundNanosAt(bound.asOfNanos() - 10_000_000)).isEqualTo(1_000);
        assertThat(bound.statusAt(bound.asOfNanos() - 10_000_001)).isEqualTo(ClockStatus.UNKNOWN);
    }

    @Test
    void voidAfterIsOnlyEverBroughtForward() {
        ClockErrorBound bound = boundOf(1_000, 0);
        assertThat(bound.voidAfter(bound.voidAfterNanos() + 1)).isEqualTo(bound);
        assertThat(bound.voidAfter(7).voidAfterNanos()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_000_001, -3_000_001, 3_600 * SECOND, -3_600 * SECOND})
    void aStepOfTheWallClockReadsAsDisrupted(long stepNanos) {
        ClockErrorBound bound = boundOf(1_000, 0);
        clock.stepWallNanos(stepNanos);
        assertThat(bound.read(clock)).isEqualTo(BoundedInstant.unbounded(ClockStatus.DISRUPTED));
    }

    @ParameterizedTest
    @ValueSource(longs = {1_900_000, -900_000})
    void aSmallStepOfTheWallClockLeavesTheIntervalOnTrueTime(long stepNanos) {
        ClockErrorBound bound = boundOf(1_000, 0);
        clock.stepWallNanos(stepNanos);
        BoundedInstant now = bound.read(clock);
        assertThat(clock.trueNanos()).isBetween(now.earliestNanos(), now.latestNanos());
    }

    @ParameterizedTest
    @CsvSource({"2000000, SYNCHRONIZED", "-2000000, SYNCHRONIZED", "2000001, DISRUPTED", "-2000001, DISRUPTED"})
    void aSecondLookSeesAStepToTheNanosecond(long stepNanos, ClockStatus status) {
        LocalClock still = new LocalClock() {
            @Override
            public Instant instant() {
                return Instant.ofEpochSecond(1_000, SECOND / 2 + stepNanos);
            }

            @Override
            public long millis() {
                return 0; // far away: it has to look again
            }

            @Override
            public long monotonicNanos() {
                return 7 * SECOND;
            }
        };
        long witnessNanos = 1_000 * SECOND + SECOND / 2 - 7 * SECOND;
        ClockErrorBound bound =
                new ClockErrorBound(7 * SECOND, 8 * SECOND, 0, 1_000, 0, ClockStatus.SYNCHRONIZED, witnessNanos, null);
        assertThat(bound.read(still).status()).isEqualTo(status);
    }

    @Test
    void theIntervalLiesAroundTheWallClockAndItsCorrection() {
        ClockErrorBound plain = boundOf(1_000, 0);
        ClockErrorBound corrected = new ClockErrorBound(
                plain.asOfNanos(),
                plain.voidAfterNanos(),
                -5_000,
                1_000,
                0,
                ClockStatus.SYNCHRONIZED,
                plain.witnessNanos(),
                null);
        assertThat(corrected.read(clock).earliestNanos()).isEqualTo(clock.epochNanos() - 6_000);
        assertThat(corrected.read(clock).latestNanos()).isEqualTo(clock.epochNanos() - 4_000);
    }

    @Test
    void aClockThatFollowsAnUpdateMayBeAnywhereOnTheWayThatWasLeftAndOnTheNewOne() {
        FakeTimeSource source =
                new FakeTimeSource().lastUpdateInterval(16 * SECOND).correction(100_000);
        SourceReply before = new SourceReply(source.snapshot(), 0, 0);
        source.update().lastOffset(30_000).lastUpdateInterval(2 * SECOND).correction(40_000);
        SourceReply after = new SourceReply(source.snapshot(), SECOND, SECOND);
        ClockErrorBound moved = boundOf(1_000, 0).followedTo(after, before);
        long errorsNanos =
                after.snapshot().lastOffsetErrorNanos() + after.snapshot().correctionErrorNanos();
        // 70 us of the old way were left, then 40 us of the new one
        assertThat(moved.correctionNanos() - moved.boundNanos()).isBetween(-111_002 - errorsNanos, -111_000L);
        assertThat(moved.correctionNanos() + moved.boundNanos()).isBetween(1_000L, 1_002 + errorsNanos);
    }

    @Test
    void aSuspendedMachineReadsAsDisrupted() {
        ClockErrorBound bound = boundOf(1_000, 0);
        clock.suspend(Duration.ofMillis(10), true);
        assertThat(bound.read(clock).status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void aStepWithinTheReadingReadsAsDisrupted() {
        ClockErrorBound bound = boundOf(1_000, 0);
        clock.beforeReading(2, () -> clock.stepWall(Duration.ofSeconds(1)));
        assertThat(bound.read(clock).status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @ParameterizedTest(name = "before reading {0}, and {1}")
    @CsvSource({"2, 2", "2, 4", "2, 5", "2, 6", "2, 8"})
    void losingTheProcessorBetweenTwoReadingsIsNoDisruption(int first, int second) {
        ClockErrorBound bound = boundOf(1_000, 0);
        clock.beforeReading(first, () -> clock.advance(Duration.ofMillis(50)));
        clock.beforeReading(second, () -> clock.advance(Duration.ofMillis(50)));
        assertThat(bound.read(clock).status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6})
    void losingTheProcessorDoesNotHideASuspendedMachine(int reading) {
        ClockErrorBound bound = boundOf(1_000, 0);
        clock.suspend(Duration.ofMillis(10), true);
        clock.beforeReading(reading - 1, () -> clock.advance(Duration.ofMillis(9)));
        clock.beforeReading(reading, () -> clock.advance(Duration.ofMillis(9)));
        assertThat(bound.read(clock).status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void boundIsGreaterThanZero(long boundNanos) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> boundOf(boundNanos, 0))
                .withMessage("error bound of " + boundNanos + " ns is not greater than 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1_000_000_000})
    void driftIsLessThanASecondPerSecond(int ppb) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> boundOf(1, ppb))
                .withMessage("drift of " + ppb + " ppb is not between 0 and 999999999");
    }

    private ClockErrorBound boundOf(long boundNanos, int driftPpb) {
        long asOf = clock.monotonicNanos();
        long witness = clock.epochNanos() - asOf;
        return new ClockErrorBound(
                asOf, asOf + 1000 * SECOND, 0, boundNanos, driftPpb, ClockStatus.SYNCHRONIZED, witness, null);
    }

    private static long exactGrowth(long nanos, int ppb) {
        BigInteger billion = BigInteger.valueOf(SECOND);
        return BigInteger.valueOf(nanos)
                .multiply(BigInteger.valueOf(ppb))
                .add(billion.subtract(BigInteger.ONE))
                .divide(billion)
                .longValueExact();
    }
}
