/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeTimeSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How wrong the estimate and the wall clock can be, one term after another. */
class EstimateTest {

    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    /** Of an oscillator of which nothing is vouched for, so that every other term stands alone. */
    private static final BoundSettings PERFECT = BoundSettings.DEFAULTS.withMaxClockErrorPpb(0);

    /** Measured an offset of 0 with an error of 1000 ns, just now. */
    private final FakeTimeSource source =
            new FakeTimeSource().rootDelay(0).rootDispersion(1_000).lastUpdateInterval(64 * SECOND);

    @Test
    void theWallClockIsAheadOfTrueTimeByWhatWasMeasuredLessTheCorrection() {
        source.measuredOffset(300).correction(-5_000);
        Estimate estimate = first(PERFECT.withDiscipline(ClockDiscipline.UNDISCIPLINED));
        assertThat(estimate.error()).isEqualTo(new NanosRange(-700, 1_300));
        assertThat(estimate.wallError()).isEqualTo(new NanosRange(4_300, 6_300));
    }

    @Test
    void whereTheCorrectionMayBeAppliedTheWallClockMayReachIt() {
        source.measuredOffset(300).correction(-5_000);
        assertThat(first(PERFECT).wallError()).isEqualTo(new NanosRange(-700, 6_300));
        source.correction(5_000);
        assertThat(first(PERFECT).wallError()).isEqualTo(new NanosRange(-5_700, 1_300));
    }

    @Test
    void rootDelayAndRootDispersionOfAnEstimateAreIgnored() {
        Estimate narrow = first(PERFECT);
        ClockSnapshot snapshot = source.snapshot();
        ClockSnapshot claimsNothing = new ClockSnapshot(
                snapshot.reference(),
                snapshot.leap(),
                snapshot.referenceTime(),
                snapshot.lastUpdateIntervalNanos(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                snapshot.basis());
        assertThat(after(null, new SourceReply(claimsNothing, 0, 0), PERFECT).error())
                .isEqualTo(narrow.error());
    }

    @Test
    void anErrorOfTheReferenceThatNoLongHoldsIsTheMostThatOneHolds() {
        Estimate estimate = Estimate.after(null, reply(0), ForgottenSteps.NONE, Long.MAX_VALUE, 0, false, PERFECT)
                .orElseThrow();
        assertThat(estimate.error()).isEqualTo(new NanosRange(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    @Test
    void aRangeThatAnOverflowTurnedRoundIsRefused() {
        assertThatThrownBy(() -> NanosRange.around(0, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 1 to -1 ns");
    }

    @Test
    void theErrorOfTheReferenceItselfIsAdded() {
        Estimate estimate = Estimate.after(null, reply(0), ForgottenSteps.NONE, 250, 0, false, PERFECT)
                .orElseThrow();
        assertThat(estimate.error()).isEqualTo(new NanosRange(-1_250, 1_250));
    }

    @Test
    void theMeasurementGrowsOldAtATenthMoreThanTheRate() {
        source.skew(2_000).residualFrequency(3_000).age(10 * SECOND);
        BoundSettings settings = BoundSettings.DEFAULTS.withMaxClockErrorPpb(15_000);
        assertThat(first(settings).ratePpb()).isEqualTo(22_000);
        assertThat(first(settings).error()).isEqualTo(new NanosRange(-221_000, 221_000));
    }

    @Test
    void theMinimumAgeReportedForAMeasurementCounts() {
        BoundSettings settings = BoundSettings.DEFAULTS.withMaxClockErrorPpb(10_000); // 11 ppm
        Estimate young = after(null, reply(0, source.age(SECOND)), settings);
        // a second later the source says two seconds, rounded up; it cannot be more than the first and what passed
        // since
        Estimate older = after(young, reply(SECOND / 2, source.age(2 * SECOND)), settings);
        assertThat(older.measuredNanos()).isEqualTo(-SECOND);
        assertThat(older.error().maximum()).isEqualTo(1_000 + 11_000 * 3 / 2);
    }

    @Test
    void aFrequencyFarFromThoseOfTheLastUpdatesMayBeWrongByAsMuch() {
        source.age(SECOND);
        Estimate estimate = Estimate.after(null, reply(0), ForgottenSteps.NONE, 0, 100_000, false, PERFECT)
                .orElseThrow();
        assertThat(estimate.error()).isEqualTo(new NanosRange(-111_000, 111_000));
    }

    @Test
    void whatWasKnownBeforeIsCarriedOverAndOnlyWhatBothAllowIsLeft() {
        Estimate before = first(PERFECT);
        source.rootDispersion(50_000).measuredOffset(49_500);
        Estimate now = after(before, reply(SECOND), PERFECT); // within −500 and 99 500, and within ± 1000
        assertThat(now.error()).isEqualTo(new NanosRange(-500, 1_000));
    }

    @Test
    void anUpdateMovesWhatWasKnownByItsLastOffset() {
        Estimate before = first(PERFECT);
        source.update().lastOffset(400).correction(-400).rootDispersion(50_000);
        assertThat(after(before, reply(SECOND), PERFECT).error()).isEqualTo(new NanosRange(-1_400, 600));
    }

    @Test
    void whatWasKnownBeforeGrowsOlderAtTheLargerRate() {
        Estimate before = first(PERFECT);
        source.skew(1_000).rootDispersion(50_000).residualFrequency(0);
        assertThat(after(before, reply(10 * SECOND), PERFECT).error()).isEqualTo(new NanosRange(-12_000, 12_000));
        source.skew(0);
        Estimate wide = after(null, reply(0, source.skew(1_000).rootDispersion(1_000)), PERFECT);
        source.skew(0).rootDispersion(50_000);
        assertThat(after(wide, reply(10 * SECOND), PERFECT).error()).isEqualTo(new NanosRange(-12_000, 12_000));
    }

    @Test
    void afterMoreThanOneUpdateNothingIsCarried() {
        Estimate before = first(PERFECT);
        source.update().lastUpdateInterval(SECOND).lastOffset(400).rootDispersion(50_000);
        assertThat(after(before, reply(SECOND), PERFECT).error()).isEqualTo(new NanosRange(-50_000, 50_000));
    }

    @Test
    void whenTheNewestContradictsWhatWasKnownItBeginsAnew() {
        Estimate before = first(PERFECT);
        source.measuredOffset(5_000);
        assertThat(after(before, reply(SECOND), PERFECT).error()).isEqualTo(new NanosRange(4_000, 6_000));
    }

    @Test
    void nothingIsCarriedOutOfADisruption() {
        Estimate before = first(PERFECT);
        source.update().lastOffset(0).rootDispersion(50_000).lastUpdateInterval(64 * SECOND);
        Estimate fresh = Estimate.after(before, reply(SECOND), ForgottenSteps.NONE, 0, 0, true, PERFECT)
                .orElseThrow();
        assertThat(fresh.error()).isEqualTo(new NanosRange(-50_000, 50_000));
    }

    /** chronyd 4.3 under -x cancels its correction at "makestep", and the clock does not move. */
    @Test
    void anEstimateThatWasMovedByHandMayNotHaveBeenUntilTheSourceMeasures() {
        source.correction(300 * MILLI);
        Estimate before = first(PERFECT);
        source.moveByHand(-300 * MILLI).measuredOffset(0);
        Estimate moved = after(before, reply(SECOND / 10), PERFECT);
        assertThat(moved.wallError().minimum()).isLessThanOrEqualTo(-300 * MILLI - 1_000);
        assertThat(moved.wallError().maximum()).isGreaterThanOrEqualTo(1_000);
        Estimate still = after(moved, reply(SECOND / 5), PERFECT);
        assertThat(still.wallError().minimum()).isLessThanOrEqualTo(-300 * MILLI - 1_000);
        source.measure().measuredOffset(-300 * MILLI);
        assertThat(after(still, reply(SECOND), PERFECT).wallError())
                .isEqualTo(new NanosRange(-300 * MILLI - 1_000, -300 * MILLI + 1_000));
    }

    @Test
    void whatWasToldOfAnEstimateThatWasMovedByHandIsNotCarriedOver() {
        source.correction(30_000);
        Estimate before = first(PERFECT);
        Estimate moved =
                after(before, reply(SECOND / 10, source.moveByHand(-30_000).measuredOffset(0)), PERFECT);
        source.measure().rootDispersion(50_000);
        assertThat(after(moved, reply(SECOND), PERFECT).error()).isEqualTo(new NanosRange(-50_000, 50_000));
    }

    @Test
    void anOffsetByHandMovesTheEstimateAndWhatIsToldOfTheMeasurement() {
        Estimate before = first(PERFECT);
        source.moveByHand(-100 * MILLI);
        // true time is where it was; the wall clock may be slewed to where the hand wants it
        assertThat(after(before, reply(SECOND / 10), PERFECT).wallError().minimum())
                .isEqualTo(-100 * MILLI - 1_000);
    }

    /** doffset and an update between two polls: no slew makes a correction larger. */
    @Test
    void whatNoSlewCanHaveLeftWasNotDoneByTheUpdateAlone() {
        source.correction(50 * MILLI);
        Estimate slewing = first(PERFECT);
        Estimate disciplined = after(slewing, reply(SECOND, source.correction(0)), PERFECT);
        assertThat(disciplined.discipline().kind()).isEqualTo(DisciplineProof.Kind.DISCIPLINED);
        source.update().lastOffset(-200_000).correction(150_000);
        assertThat(after(disciplined, reply(50 * SECOND), PERFECT).unexplained())
                .isNull();
        source.correction(-20 * MILLI);
        assertThat(after(disciplined, reply(50 * SECOND), PERFECT).unexplained())
                .isNotNull();
    }

    /** chronyd before 4.7 under -x with makestep: the update takes half a second off, and the correction stays small. */
    @Test
    void anOffsetThatWentNeitherIntoTheCorrectionNorIntoTheClockMayBeMissing() {
        Estimate before = first(PERFECT);
        source.update().lastOffset(-500 * MILLI).correction(0);
        Estimate now = after(before, reply(SECOND / 10), PERFECT);
        assertThat(now.wallError().minimum()).isLessThanOrEqualTo(-1_000);
        assertThat(now.wallError().maximum()).isGreaterThanOrEqualTo(1_000);
        assertThat(now.unexplained()).isNotNull();
    }

    @Test
    void aForgottenStepIsInWhatWasMeasuredOfAnotherServerBeforeItAsWell() {
        source.correction(300 * MILLI);
        Estimate before = first(PERFECT);
        source.update().lastOffset(-2_000).correction(0);
        Estimate forgetful = after(before, reply(SECOND), PERFECT);
        assertThat(forgetful.wallError().minimum()).isLessThanOrEqualTo(-300 * MILLI);
        source.updateByOldMeasurement()
                .lastOffset(0)
                .reference(ReferenceId.ofClock("GPS"))
                .age(5 * SECOND);
        Estimate switched = after(forgetful, reply(2 * SECOND), PERFECT);
        assertThat(switched.wallError().minimum()).isLessThanOrEqualTo(-300 * MILLI);
        source.measure().measuredOffset(-300 * MILLI);
        assertThat(after(switched, reply(3 * SECOND), PERFECT).wallError())
                .isEqualTo(new NanosRange(-300 * MILLI - 1_000, -300 * MILLI + 1_000));
    }

    @Test
    void withoutAReplyBeforeItTheWholeOffsetMayBeMissing() {
        source.lastOffset(-500 * MILLI);
        assertThat(first(PERFECT).wallError()).isEqualTo(new NanosRange(-500 * MILLI - 1_000, 500 * MILLI + 1_000));
        source.update().lastOffset(-1_000); // explained by the error of the measurement
        assertThat(first(PERFECT).wallError()).isEqualTo(new NanosRange(-1_000, 1_000));
    }

    /** chronyd's line through its samples follows a step by and by, so a part of it is in the newest measurement for long. */
    @Test
    void anOffsetThatTheMeasurementStillShowsDoesNotTellWhereTheOneOfTheUpdateWent() {
        source.lastOffset(200 * MILLI).measuredOffset(500 * MILLI);
        assertThat(first(PERFECT).error()).isEqualTo(new NanosRange(300 * MILLI - 1_000, 700 * MILLI + 1_000));
    }

    @ParameterizedTest(name = "correction from {0} to {1} ns in a second at {2} ppb: {3} ppb")
    @CsvSource({
        "5000, 5000, 20000, 1", // disciplined: the frequency is applied
        "5000, -4000, 20000, 9001", // a slew, slower than half of the frequency
        "0, 9999, 20000, 20000", // with what the rounding hides, exactly half of it: nothing is applied
        "0, 10000, 20000, 20000",
        "0, 9998, 20000, 9999", // less than half
        "0, -20000, 20000, 20001", // nothing is applied
        "10000, -10000, -20000, 20001", // nothing is applied, and the correction crosses zero
        "83333000, 0, 20000, 83333001", // a slew, faster than the frequency
        "0, 0, 0, 1",
    })
    void twoRepliesOfAnEstimateShowHowTheCorrectionMoves(long from, long to, long frequency, long expectedPpb) {
        Estimate first = after(null, reply(0, source.frequency(frequency).correction(from)), PERFECT);
        assertThat(after(first, reply(SECOND, source.correction(to)), PERFECT).driftPpb())
                .isEqualTo((expectedPpb * 11 + 9) / 10);
    }

    @Test
    void aFirstReplyMayBeOfASlewThatIsAlmostOver() {
        // a millisecond is slewed away within a second, and a tenth of it is left
        source.correction(100_000).lastOffset(MILLI);
        assertThat(first(PERFECT).driftPpb()).isGreaterThanOrEqualTo(1_100_000);
    }

    @Test
    void noSlewIsFasterThanLinuxAllows() {
        source.correction(50 * SECOND);
        assertThat(first(PERFECT).driftPpb()).isEqualTo(110_000_000);
    }

    @Test
    void roundingOfSecondsDoesNotMakeACorrectionOfYearsLookLikeASlewOfSeconds() {
        source.correction(40_000_000 * SECOND).correctionError(5 * SECOND);
        Estimate first = first(PERFECT);
        source.correction(40_000_002 * SECOND);
        assertThat(after(first, reply(SECOND / 10), PERFECT).driftPpb()).isEqualTo(110_000_000);
    }

    @Test
    void aClockThatNobodySteersDriftsByItsFrequency() {
        source.frequency(-20_000).correction(50 * MILLI);
        assertThat(first(PERFECT.withDiscipline(ClockDiscipline.UNDISCIPLINED)).driftPpb())
                .isEqualTo(22_000);
    }

    @Test
    void theLargestNumbersDoNotOverflow() {
        long most = ClockSnapshot.MAX_MAGNITUDE / 4;
        source.correction(-most)
                .correctionError(most)
                .rootDispersion(most)
                .measuredOffset(-most)
                .lastOffset(most)
                .frequency(most);
        Estimate estimate = first(PERFECT);
        assertThat(estimate.wallError().minimum()).isLessThan(-most);
        assertThat(estimate.wallError().maximum()).isGreaterThan(most);
        source.skew(most).residualFrequency(most);
        assertThat(Estimate.ratePpb(source.snapshot(), most, PERFECT))
                .isGreaterThanOrEqualTo(ClockErrorBound.DRIFT_LIMIT_PPB);
    }

    @Test
    void anEstimateAloneIsNothingUnlessItIsAllowed() {
        source.estimateOnly("it does not tell");
        assertThat(Estimate.after(null, reply(0), ForgottenSteps.NONE, 0, 0, false, PERFECT))
                .isEqualTo(Optional.empty());
        source.rootDelay(500).correction(70);
        assertThat(first(PERFECT.withEstimate(true)).wallError()).isEqualTo(new NanosRange(-1_320, 1_250));
    }

    private Estimate first(BoundSettings settings) {
        return after(null, reply(0), settings);
    }

    private static Estimate after(@Nullable Estimate before, SourceReply now, BoundSettings settings) {
        SourceReply previous = before == null ? null : before.reply();
        return Estimate.after(before, now, ForgottenSteps.NONE.after(previous, now), 0, 0, false, settings)
                .orElseThrow();
    }

    private SourceReply reply(long nanos) {
        return reply(nanos, source);
    }

    private static SourceReply reply(long nanos, FakeTimeSource source) {
        return new SourceReply(source.snapshot(), nanos, nanos);
    }
}
