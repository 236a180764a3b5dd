/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ReferenceId;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How wrong the estimate and the wall clock can be after one reply, one term after another. */
class EstimateTest extends PerfectOscillator {

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
    void anErrorOfTheReferenceBeyondTheRangeOfALongIsTheEndOfTheRange() {
        Estimate estimate = Estimate.after(null, reply(0), ForgottenSteps.NONE, Long.MAX_VALUE, 0, false, PERFECT)
                .orElseThrow();
        assertThat(estimate.error()).isEqualTo(new NanosRange(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    @Test
    void theErrorOfTheReferenceItselfIsAdded() {
        Estimate estimate = Estimate.after(null, reply(0), ForgottenSteps.NONE, 250, 0, false, PERFECT)
                .orElseThrow();
        assertThat(estimate.error()).isEqualTo(new NanosRange(-1_250, 1_250));
    }

    @Test
    void theMeasurementGrowsOldAtAnEighthMoreThanTheRate() {
        source.skew(2_000).residualFrequency(3_000).age(10 * SECOND);
        BoundSettings settings = BoundSettings.DEFAULTS.withMaxClockErrorPpb(15_000);
        assertThat(first(settings).ratePpb()).isEqualTo(22_500);
        assertThat(first(settings).error()).isEqualTo(new NanosRange(-226_000, 226_000));
    }

    @Test
    void theMarginCoversAClockThatIsSlewedAsFastAsLinuxSlewsOne() {
        for (long ratePpb : new long[] {1, 7, 15_060, 1_000_000_000}) {
            long shownPerTrueSecond = SECOND - SourceReply.MAX_SLEW_PPB;
            assertThat(Estimate.withMargin(ratePpb) * shownPerTrueSecond).isGreaterThanOrEqualTo(ratePpb * SECOND);
        }
    }

    @Test
    void theMinimumAgeReportedForAMeasurementCounts() {
        BoundSettings settings = BoundSettings.DEFAULTS.withMaxClockErrorPpb(8_000); // 9 ppm
        Estimate young = after(null, reply(0, source.age(SECOND)), settings);
        // a second later the source says two seconds, rounded up; it cannot be more than the first and what passed
        // since
        Estimate older = after(young, reply(SECOND / 2, source.age(2 * SECOND)), settings);
        assertThat(older.measuredNanos()).isEqualTo(-SECOND);
        assertThat(older.error().maximum()).isEqualTo(1_000 + 9_000 * 3 / 2);
    }

    @Test
    void aFrequencyFarFromThoseOfTheLastUpdatesMayBeWrongByAsMuch() {
        source.age(SECOND);
        Estimate estimate = Estimate.after(null, reply(0), ForgottenSteps.NONE, 0, 100_000, false, PERFECT)
                .orElseThrow();
        assertThat(estimate.error()).isEqualTo(new NanosRange(-113_500, 113_500));
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

    @Test
    void anEstimateIsEnoughOfTheLocalReferenceAloneAndWhereThatIsAllowed() {
        source.estimateOnly("it does not tell");
        BoundSettings local = PERFECT.withLocalReference(true);
        assertThat(Estimate.after(null, reply(0), ForgottenSteps.NONE, 0, 0, false, local))
                .isEmpty();
        source.reference(ReferenceId.LOCAL);
        assertThat(Estimate.after(null, reply(0), ForgottenSteps.NONE, 0, 0, false, PERFECT))
                .isEmpty();
        assertThat(first(local).error()).isEqualTo(new NanosRange(-1_000, 1_000));
    }

    @Test
    void theTermsOfABoundTellItsHalfWidthApart() {
        source.age(SECOND).correction(400);
        BoundSettings settings = BoundSettings.DEFAULTS.withMaxClockErrorPpb(8_000); // 9 ppm
        Estimate estimate = Estimate.after(null, reply(0), ForgottenSteps.NONE, 250, 0, false, settings)
                .orElseThrow();
        OptionalLong reference = OptionalLong.of(250);
        assertThat(estimate.terms(reference, 10_455)).isEqualTo(new BoundTerms(1_000, reference, 9_000, 0, 200, 5));
    }
}
