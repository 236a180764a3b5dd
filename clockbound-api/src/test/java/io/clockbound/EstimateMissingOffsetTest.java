/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.spi.ReferenceId;
import org.junit.jupiter.api.Test;

/** An offset of an update, or one by hand, that the source says it applied and that may be nowhere. */
class EstimateMissingOffsetTest extends PerfectOscillator {

    /** chronyd 4.3 under -x cancels its correction at "makestep", and the clock does not move. */
    @Test
    void aMoveByHandMayNotHaveBeenMadeUntilTheSourceMeasures() {
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
    void aWallClockThatMayNotHaveBeenMovedByHandHasDriftedOnSinceTheReplyBefore() {
        Estimate before = after(null, reply(10 * SECOND, source.correction(300 * MILLI)), PERFECT);
        assertThat(before.driftPpb()).isEqualTo(112_500_000);
        source.moveByHand(-300 * MILLI).measuredOffset(0);
        Estimate moved = after(before, reply(10 * SECOND + SECOND / 10), PERFECT);
        assertThat(moved.wallError()).isEqualTo(new NanosRange(-311_251_000, 11_251_000));
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
    void aCorrectionThatNoSlewCanHaveLeftWasNotMadeByTheUpdateAlone() {
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
    void amongSeveralUpdatesOneMayBeMissingWhoseOffsetNothingExplainsUnlessTheClockIsDisciplined() {
        source.correction(50 * MILLI);
        Estimate slewing = first(PERFECT);
        Estimate disciplined = after(slewing, reply(SECOND, source.correction(0)), PERFECT);
        Estimate unknown = after(null, reply(SECOND), PERFECT);
        source.update().lastUpdateInterval(1).lastOffset(-500 * MILLI);
        assertThat(after(disciplined, reply(SECOND * 11 / 10), PERFECT).unexplained())
                .isNull();
        assertThat(after(unknown, reply(SECOND * 11 / 10), PERFECT).unexplained())
                .isNotNull();
        source.lastOffset(-500);
        assertThat(after(unknown, reply(SECOND * 11 / 10), PERFECT).unexplained())
                .isNull();
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
}
