/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.SourceReply.Change;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeTimeSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happened to the estimate between two replies. */
class SourceReplyTest {

    private static final long SECOND = 1_000_000_000;

    private final FakeTimeSource source = new FakeTimeSource().lastUpdateInterval(16 * SECOND);
    private final SourceReply before = reply(0);

    @Test
    void theSameEstimateMayBeSlewedTowards() {
        source.correction(-100_000_000); // as far as Linux allows in a second
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.NONE);
        source.correction(-130_000_000);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.BY_HAND);
        SourceReply first = reply(0, 0, source.correction(1_000));
        source.correction(1_000 - 125_000_001);
        assertThat(reply(SECOND).since(first)).isEqualTo(Change.NONE);
        source.correction(1_000 - 125_000_002);
        assertThat(reply(SECOND).since(first)).isEqualTo(Change.BY_HAND);
    }

    @Test
    void anUpdateIsOneWhenTheLastTwoWereFurtherApartThanTheReplies() {
        source.update().lastOffset(7).lastUpdateInterval(2 * SECOND);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.ONE_UPDATE);
        source.lastUpdateInterval(SECOND);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.UNKNOWN);
    }

    @Test
    void theFirstUpdateSinceAStartIsPrecededByNoneThatIsKnown() {
        source.update().lastUpdateInterval(0);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.UNKNOWN);
    }

    @Test
    void aReferenceTimeThatMovedWithoutAMeasurementWasMovedByHand() {
        source.moveByHand(5_000_000);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.BY_HAND);
        source.measure();
        assertThat(reply(SECOND).since(before)).isNotEqualTo(Change.BY_HAND);
    }

    /** An update would have changed at least one statistic; one whose offset is always 0 may come from a source without any. */
    @Test
    void aReferenceTimeThatMovedWithoutAnUpdateWasMovedByHandThoughTheSourceHasMeasured() {
        source.lastOffset(-37_000_000);
        SourceReply offset = reply(0);
        source.moveByHand(32_000).measure();
        assertThat(reply(SECOND).since(offset)).isEqualTo(Change.BY_HAND);
    }

    @Test
    void anotherReferenceCannotBeCompared() {
        source.reference(ReferenceId.ofClock("GPS"));
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.UNKNOWN);
        assertThat(reply(SECOND).isNewMeasurementSince(before)).isTrue();
        assertThat(reply(SECOND).since(null)).isEqualTo(Change.UNKNOWN);
    }

    @Test
    void aMeasurementIsNewByItsIdAndAnEstimateByItsReferenceTime() {
        assertThat(reply(SECOND).isNewMeasurementSince(before)).isFalse();
        source.measure();
        assertThat(reply(SECOND).isNewMeasurementSince(before)).isTrue();
        source.estimateOnly("it does not tell");
        SourceReply estimate = reply(SECOND);
        assertThat(reply(SECOND).isNewMeasurementSince(estimate)).isFalse();
        source.update();
        assertThat(reply(SECOND).isNewMeasurementSince(estimate)).isTrue();
    }

    @Test
    void aSkewAtTheCeilingAfterSeveralUpdatesIsNotBecauseOfASingleOne() {
        source.skew(SECOND).lastUpdateInterval(1);
        assertThat(reply(0).refusal(false).orElseThrow()).contains("maxsamples").contains("maxupdateskew");
        assertThat(reply(0).isOfFirstUpdate()).isFalse();
        source.lastUpdateInterval(0);
        assertThat(reply(0).refusal(false)).isEmpty();
        assertThat(reply(0).isOfFirstUpdate()).isTrue();
    }

    @Test
    void twoUpdatesMayBeAnEighthAndAMillisecondCloserThanTheClockOfTheSourceSays() {
        source.update().lastOffset(7).lastUpdateInterval(9 * SECOND + 1_000_000);
        assertThat(reply(8 * SECOND).since(before)).isEqualTo(Change.UNKNOWN);
        source.lastUpdateInterval(9 * SECOND + 1_000_001);
        assertThat(reply(8 * SECOND).since(before)).isEqualTo(Change.ONE_UPDATE);
    }

    @Test
    void aSlewMovesTheCorrectionByAnEighthOfTheTimeFromTheFirstQuestionToTheLastReplyAndTheRoundings() {
        SourceReply first = reply(2_000, 5_000, source.correctionError(3));
        assertThat(reply(9_000, 10_000, source.correctionError(5)).maxSlewNanosSince(first))
                .isEqualTo(8_000 / 8 + 1 + 3 + 5);
    }

    @Test
    void aSourceIsRestartedWhenItHadMadeTwoUpdatesAndHasMadeOne() {
        SourceReply none = reply(0, 0, source.lastUpdateInterval(0));
        assertThat(none.isRestartSince(before)).isTrue();
        assertThat(none.isRestartSince(none)).isFalse();
        assertThat(none.isRestartSince(null)).isFalse();
        assertThat(before.isRestartSince(before)).isFalse();
    }

    @Test
    void aMeasurementWasBegunByItsAgeAndItsErrorEarlierAndAnEighthOfBothForTheClockThatTellsTheAge() {
        source.age(1_000).rootDispersion(10_000).rootDelay(20_000);
        assertThat(reply(5_000, 9_000, source).begunNanos()).isEqualTo(5_000 - 21_000 - 2_626);
    }

    @Test
    void anEstimateWasNotBegunBeforeItWasAskedFor() {
        source.estimateOnly("it does not tell");
        assertThat(reply(5_000, 9_000, source).begunNanos()).isEqualTo(5_000);
    }

    @Test
    void whatWasMeasuredOfAnotherReferenceIsNewerWhenItWasCertainlyBegunAfterTheReply() {
        source.reference(ReferenceId.ofClock("GPS")).rootDispersion(80).rootDelay(0);
        assertThat(reply(91).isMeasuredAfter(before)).isFalse(); // begun at 0 at the earliest
        assertThat(reply(92).isMeasuredAfter(before)).isTrue();
    }

    @Test
    void anEstimateIsNewerThanAnotherByAnUpdateAndNeverThanAMeasurement() {
        source.update().estimateOnly("it does not tell");
        SourceReply estimate = reply(SECOND);
        assertThat(estimate.isMeasuredAfter(before)).isFalse();
        assertThat(reply(2 * SECOND).isMeasuredAfter(estimate)).isFalse();
        source.update();
        assertThat(reply(2 * SECOND).isMeasuredAfter(estimate)).isTrue();
    }

    @Test
    void anOffsetIsExplainedByTheCorrectionAndTheErrorOfTheMeasurementAfterWhatWasLeftBefore() {
        source.correction(-1_000).correctionError(50).rootDispersion(20_000).rootDelay(0);
        assertThat(reply(0, 0, source.lastOffset(-21_050)).isOffsetUnexplained(null))
                .isFalse();
        assertThat(reply(0, 0, source.lastOffset(-21_051)).isOffsetUnexplained(null))
                .isTrue();
        SourceReply left = reply(0, 0, new FakeTimeSource().correction(300));
        assertThat(reply(0, 0, source.lastOffset(20_750)).isOffsetUnexplained(left))
                .isFalse();
        assertThat(reply(0, 0, source.lastOffset(20_751)).isOffsetUnexplained(left))
                .isTrue();
    }

    @ParameterizedTest(name = "{1} left of {0} ns and of 80 µs that an update found")
    @CsvSource({
        "800000, 1000015, true", // the sum, an eighth of each, and the roundings
        "800000, 1000016, false",
        "800000, -120015, true",
        "800000, -120016, false",
        "-800000, -840015, true",
        "-800000, -840016, false",
        "-800000, 200015, true",
        "-800000, 200016, false",
    })
    void slewsLeaveACorrectionBetweenNothingAndTheSumOrAnEighthBeyond(long left, long correction, boolean isLeft) {
        SourceReply first = reply(0, 0, source.correction(left).correctionError(3));
        source.update().lastOffset(-80_000).lastOffsetError(7);
        SourceReply next = reply(SECOND, SECOND, source.correction(correction).correctionError(5));
        assertThat(next.isLeftBySlews(first)).isEqualTo(isLeft);
    }

    @Test
    void slewsLeaveAtLeastWhatLinuxCannotSlewInTheTimeBetween() {
        SourceReply first = reply(0, 0, source.correction(100_000));
        assertThat(reply(8_000, 8_000, source.correction(100_000 - 1_001)).isLeftBySlews(first))
                .isTrue();
        assertThat(reply(8_000, 8_000, source.correction(100_000 - 1_002)).isLeftBySlews(first))
                .isFalse();
    }

    private SourceReply reply(long nanos) {
        return reply(nanos, nanos, source);
    }

    private static SourceReply reply(long askedNanos, long receivedNanos, FakeTimeSource source) {
        return new SourceReply(source.snapshot(), askedNanos, receivedNanos);
    }
}
