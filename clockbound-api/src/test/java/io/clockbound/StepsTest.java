/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepsTest {

    private static final long STEPPED_AT = 1_000;

    @Test
    void firstComparisonOfTheClocksIsNoStep() {
        assertThat(Steps.NONE.steppedNanos(witness(1_000_000, 10))).isEmpty();
    }

    @Test
    void tellsTheSizeOfAStep() {
        assertThat(after(witness(1_000, 10)).steppedNanos(witness(-4_000, 10))).contains(-5_000L);
    }

    @Test
    void aStepIsSeenOnce() {
        assertThat(stepped().steppedNanos(witness(5_000, 10))).isEmpty();
        assertThat(stepped().isAwaiting()).isTrue();
    }

    @Test
    void aLooseComparisonDoesNotHideAStep() {
        Steps steps = after(witness(0, 10), witness(50_000, 60_000)); // its thread lost the processor
        assertThat(steps.steppedNanos(witness(50_000, 10))).isPresent();
    }

    @Test
    void aTighterComparisonShowsStepsThatALooseOneCannot() {
        Steps steps = after(witness(0, 60_000), witness(10_000, 10));
        assertThat(steps.steppedNanos(witness(15_000, 10))).isPresent();
    }

    @Test
    void stepsTooSmallToSeeAreSeenWhenTheyAddUp() {
        Steps steps = after(witness(0, 10));
        assertThat(steps.steppedNanos(witness(15, 10))).isEmpty();
        assertThat(steps.unstepped(witness(15, 10), null).steppedNanos(witness(30, 10)))
                .isPresent();
    }

    @Test
    void lastsUntilAMeasurementThatWasBegunAfterIt() {
        Steps steps = stepped().after(measurement(7), STEPPED_AT - 1).after(measurement(7), STEPPED_AT + 1);
        assertThat(steps.isAwaiting()).isTrue();
        assertThat(steps.after(measurement(8), STEPPED_AT).isAwaiting()).isTrue();
        assertThat(steps.after(measurement(8), STEPPED_AT + 1).isAwaiting()).isFalse();
    }

    @Test
    void aMeasurementThatWasUnderWayWhenTheClockWasSteppedDoesNotEndIt() {
        Steps steps = stepped().after(measurement(7), STEPPED_AT - 500);
        assertThat(steps.after(measurement(8), STEPPED_AT - 1).isAwaiting()).isTrue();
    }

    @Test
    void theFirstMeasurementSeenAfterItDoesNotEndItHoweverYoungItLooks() {
        // the age that a source tells is wrong by the step when the step came after the measurement
        assertThat(stepped().after(measurement(7), STEPPED_AT + 1).isAwaiting()).isTrue();
    }

    @Test
    void anotherStepBeginsAnew() {
        Steps steps = stepped().after(measurement(7), STEPPED_AT).disrupted(witness(9_000, 10), null, 2 * STEPPED_AT);
        assertThat(steps.after(measurement(8), 3 * STEPPED_AT).isAwaiting()).isTrue();
    }

    @Test
    void eitherCounterOfTheVmClockShowsADisruption() {
        Steps steps = Steps.NONE.unstepped(witness(0, 10), new VmClockCounters(1, 1));
        assertThat(steps.isDisruptedBy(new VmClockCounters(1, 1))).isFalse();
        assertThat(steps.isDisruptedBy(new VmClockCounters(2, 1))).isTrue();
        assertThat(steps.isDisruptedBy(new VmClockCounters(1, 2))).isTrue();
    }

    @Test
    void theFirstReadingOfTheVmClockIsNoDisruption() {
        assertThat(Steps.NONE.isDisruptedBy(new VmClockCounters(7, 7))).isFalse();
    }

    @Test
    void anEstimateDoesNotStandForAMeasurement() {
        Steps steps = stepped().after(measurement(7), STEPPED_AT - 1);
        Steps estimated = steps.after(new Steps.Shown(false, 9), STEPPED_AT + 1);
        assertThat(estimated.isAwaiting()).isTrue();
        assertThat(estimated.after(measurement(7), STEPPED_AT + 2).isAwaiting()).isTrue();
        assertThat(estimated.after(new Steps.Shown(false, 10), STEPPED_AT + 2).isAwaiting())
                .isFalse();
    }

    private static Steps.Shown measurement(long id) {
        return new Steps.Shown(true, id);
    }

    private static Steps stepped() {
        return after(witness(0, 10)).disrupted(witness(5_000, 10), null, STEPPED_AT);
    }

    private static Steps after(Witness... witnesses) {
        Steps steps = Steps.NONE;
        for (Witness witness : witnesses) {
            steps = steps.unstepped(witness, null);
        }
        return steps;
    }

    private static Witness witness(long nanos, long errorNanos) {
        return new Witness(nanos, errorNanos, 0);
    }
}
