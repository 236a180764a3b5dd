/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeTimeSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

    private static final long SECOND = 1_000_000_000;

    private final FakeTimeSource source =
            new FakeTimeSource().rootDelay(0).rootDispersion(0).update();

    @Test
    void boundIsCorrectionPlusDispersionPlusHalfTheDelay() {
        source.correction(1_000).rootDispersion(200).rootDelay(60);
        assertThat(at(0).errorBoundNanos()).isEqualTo(1_230);
    }

    @Test
    void halfADelayIsRoundedUp() {
        assertThat(boundOf(source.rootDelay(1))).isEqualTo(1);
        assertThat(boundOf(source.rootDelay(7))).isEqualTo(4);
    }

    @Test
    void boundTakesTheMagnitudeOfTheCorrectionAndItsRoundingError() {
        assertThat(boundOf(source.correction(-1_000).correctionError(3))).isEqualTo(1_003);
    }

    @Test
    void anOrdinaryLastOffsetDoesNotWiden() {
        assertThat(boundOf(source.correction(1_000).rootDispersion(500).lastOffset(1_500)))
                .isEqualTo(1_500);
    }

    @Test
    void aForgottenStepStaysInTheBound() {
        assertThat(boundOf(source.correction(76_000).lastOffset(500_000_000))).isEqualTo(500_076_000);
    }

    @Test
    void whatTheClockRanAwaySinceAForgottenStepIsAdded() {
        source.correction(-6_400_000).rootDispersion(10).lastOffset(500_000_000);
        assertThat(at(0).errorBoundNanos()).isEqualTo(506_400_010);
    }

    @Test
    void theLargestNumbersDoNotOverflow() {
        long most = ClockSnapshot.MAX_MAGNITUDE;
        source.correction(-most)
                .correctionError(most)
                .rootDelay(most)
                .rootDispersion(most)
                .lastOffset(most);
        assertThat(at(0).errorBoundNanos()).isPositive();
        source.frequency(most).skew(most).residualFrequency(most);
        assertThat(at(0).maxDriftPpb(1_000, null)).isEqualTo(ClockErrorBound.DRIFT_LIMIT_PPB);
    }

    @Test
    void driftIsATenthMoreThanTheSumOfItsTermsRoundedUp() {
        source.skew(20).residualFrequency(3);
        Answer first = at(0);
        assertThat(at(SECOND).maxDriftPpb(1_000, first)).isEqualTo(1_127); // 1.1 × (1023 + 1 for a movement of nothing)
    }

    @Test
    void driftOfASecondPerSecondIsTheLimit() {
        Answer first = at(0);
        Answer second = at(SECOND);
        assertThat(second.maxDriftPpb(909_090_907, first)).isEqualTo(999_999_999);
        assertThat(second.maxDriftPpb(909_090_908, first)).isGreaterThanOrEqualTo(ClockErrorBound.DRIFT_LIMIT_PPB);
        assertThat(second.maxDriftPpb(999_999_999, first)).isEqualTo(ClockErrorBound.DRIFT_LIMIT_PPB);
    }

    @Test
    void aFirstAnswerMayBeOfAClockThatNobodyDisciplines() {
        assertThat(undisciplinedPpb(at(source.frequency(20_000), 0), null)).isEqualTo(20_000);
    }

    @Test
    void aFirstAnswerMayBeOfASlewThatHasJustBegun() {
        assertThat(undisciplinedPpb(at(source.frequency(20_000).correction(-1_000_000), 0), null))
                .isEqualTo(1_000_000);
    }

    @Test
    void aFirstAnswerMayBeOfASlewThatIsAlmostOver() {
        // a millisecond is slewed away within a second, and a tenth of it is left
        assertThat(undisciplinedPpb(at(source.correction(100_000).lastOffset(1_000_000), 0), null))
                .isGreaterThanOrEqualTo(1_000_000);
    }

    @Test
    void anUpdateMayGoOnWithTheSlewThatWasUnderWayBeforeIt() {
        Answer before = at(source.correction(1_000_000), 0);
        Answer after = at(source.update().correction(100_000).lastOffset(50), SECOND);
        assertThat(undisciplinedPpb(after, before)).isGreaterThanOrEqualTo(1_000_050);
    }

    @Test
    void noSlewIsFasterThanLinuxAllows() {
        assertThat(undisciplinedPpb(at(source.correction(50 * SECOND), 0), null))
                .isEqualTo(100_000_000);
    }

    @ParameterizedTest(name = "correction from {0} to {1} ns in a second at {2} ppb: {3} ppb")
    @CsvSource({
        "5000, 5000, 20000, 1", // disciplined: the frequency is applied
        "5000, -4000, 20000, 9001", // a slew, slower than half of the frequency
        "0, 9999, 20000, 20000", // with what the rounding hides, exactly half of it: nothing is applied
        "0, 10000, 20000, 20000",
        "0, 9998, 20000, 9999", // less than half
        "0, -20000, 20000, 20001", // nothing is applied
        "10000, -10000, 20000, 20001", // nothing is applied, and the correction crosses zero
        "83333000, 0, 20000, 83333001", // a slew, faster than the frequency
        "0, 0, 0, 1",
    })
    void twoAnswersOfAnUpdateShowHowTheCorrectionMoves(long from, long to, long frequency, long expectedPpb) {
        Answer first = at(source.frequency(frequency).correction(from), 0);
        Answer second = at(source.correction(to), SECOND);
        assertThat(undisciplinedPpb(second, first)).isEqualTo(expectedPpb);
    }

    @Test
    void theRoundingOfBothCorrectionsCountsAsMovement() {
        Answer first = at(source.correctionError(3), 0);
        Answer second = at(source.correctionError(4), SECOND);
        assertThat(undisciplinedPpb(second, first)).isEqualTo(8);
    }

    @Test
    void movementIsDividedByTheShortestTimeThatCanLieBetweenTheAnswers() {
        Answer first = new Answer(source.snapshot(), 0, SECOND / 2);
        Answer second = new Answer(source.correction(1_000).snapshot(), SECOND, 2 * SECOND);
        assertThat(undisciplinedPpb(second, first)).isEqualTo(2_001);
    }

    @Test
    void movementFasterThanTimeMeansThatNothingIsKnown() {
        Answer first = at(0);
        assertThat(at(source.correction(SECOND), SECOND).maxDriftPpb(0, first))
                .isEqualTo(ClockErrorBound.DRIFT_LIMIT_PPB);
        assertThat(at(source.correction(ClockSnapshot.MAX_MAGNITUDE), Long.MAX_VALUE)
                        .maxDriftPpb(0, first))
                .isEqualTo(ClockErrorBound.DRIFT_LIMIT_PPB);
    }

    @Test
    void answersThatOverlapCannotBeCompared() {
        Answer first = new Answer(source.snapshot(), 0, SECOND);
        Answer second = new Answer(source.correction(7).snapshot(), SECOND, 2 * SECOND);
        assertThat(undisciplinedPpb(second, first)).isEqualTo(7);
    }

    @Test
    void anotherReferenceIsAnotherUpdate() {
        Answer first = at(0);
        assertThat(at(SECOND).isOfSameUpdateAs(first)).isTrue();
        assertThat(at(source.reference(ReferenceId.ofClock("PHC0")), SECOND).isOfSameUpdateAs(first))
                .isFalse();
    }

    private static long boundOf(FakeTimeSource source) {
        return new Answer(source.snapshot(), 0, 0).errorBoundNanos();
    }

    private Answer at(long nanos) {
        return at(source, nanos);
    }

    private static Answer at(FakeTimeSource source, long nanos) {
        return new Answer(source.snapshot(), nanos, nanos);
    }

    /** The only term left when the others are zero, without the tenth on top. */
    private static long undisciplinedPpb(Answer answer, @Nullable Answer previous) {
        return answer.maxDriftPpb(0, previous) * 10 / 11;
    }
}
