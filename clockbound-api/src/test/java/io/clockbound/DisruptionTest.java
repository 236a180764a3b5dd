/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DisruptionTest {

    private static final Instant EARLIER = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LATER = EARLIER.plusSeconds(1);

    private final Disruption disruption = new Disruption();

    @Test
    void firstComparisonOfTheClocksIsNoStep() {
        assertThat(disruption.stepBefore(witness(1_000_000, 10))).isEmpty();
        assertThat(disruption.isPresent()).isFalse();
    }

    @Test
    void tellsTheSizeOfAStep() {
        disruption.stepBefore(witness(1_000, 10));
        assertThat(disruption.stepBefore(witness(-4_000, 10))).contains(Duration.ofNanos(-5_000));
        assertThat(disruption.isPresent()).isTrue();
    }

    @Test
    void aStepIsSeenOnce() {
        step();
        assertThat(disruption.stepBefore(witness(5_000, 10))).isEmpty();
        assertThat(disruption.isPresent()).isTrue();
    }

    @Test
    void aLooseComparisonDoesNotHideAStep() {
        disruption.stepBefore(witness(0, 10));
        disruption.stepBefore(witness(50_000, 60_000)); // its thread lost the processor
        assertThat(disruption.stepBefore(witness(50_000, 10))).isPresent();
    }

    @Test
    void aTighterComparisonShowsStepsThatALooseOneCannot() {
        disruption.stepBefore(witness(0, 60_000));
        disruption.stepBefore(witness(10_000, 10));
        assertThat(disruption.stepBefore(witness(15_000, 10))).isPresent();
    }

    @Test
    void stepsTooSmallToSeeAreSeenWhenTheyAddUp() {
        disruption.stepBefore(witness(0, 10));
        assertThat(disruption.stepBefore(witness(15, 10))).isEmpty();
        assertThat(disruption.stepBefore(witness(30, 10))).isPresent();
    }

    @Test
    void lastsUntilTheReferenceTimeChangesAfterIt() {
        step();
        disruption.noteAnswer(EARLIER, true);
        disruption.noteAnswer(EARLIER, true);
        assertThat(disruption.isPresent()).isTrue();
        disruption.noteAnswer(LATER, true);
        assertThat(disruption.isPresent()).isFalse();
    }

    @Test
    void anUpdateThatIsNotTrustedDoesNotEndIt() {
        step();
        disruption.noteAnswer(EARLIER, true);
        disruption.noteAnswer(LATER, false);
        assertThat(disruption.isPresent()).isTrue();
    }

    @Test
    void anAnswerFromBeforeTheStepDoesNotEndItAfterASourceWithoutReference() {
        disruption.noteAnswer(EARLIER, true);
        step();
        disruption.noteAnswer(Instant.EPOCH, false);
        disruption.noteAnswer(EARLIER, true);
        assertThat(disruption.isPresent()).isTrue();
    }

    @Test
    void anotherStepBeginsAnew() {
        step();
        disruption.noteAnswer(EARLIER, true);
        assertThat(disruption.stepBefore(witness(9_000, 10))).isPresent();
        disruption.noteAnswer(LATER, true);
        assertThat(disruption.isPresent()).isTrue();
    }

    @Test
    void aForcedOneLastsUntilItIsEnded() {
        disruption.force(true);
        disruption.noteAnswer(EARLIER, true);
        disruption.noteAnswer(LATER, true);
        assertThat(disruption.isPresent()).isTrue();
        disruption.force(false);
        assertThat(disruption.isPresent()).isFalse();
    }

    @Test
    void theEndOfAForcedOneDoesNotEndThatOfAStep() {
        step();
        disruption.force(true);
        disruption.force(false);
        assertThat(disruption.isPresent()).isTrue();
    }

    private void step() {
        disruption.stepBefore(witness(0, 10));
        disruption.stepBefore(witness(5_000, 10));
    }

    private static Witness witness(long nanos, long errorNanos) {
        return new Witness(nanos, errorNanos, 0);
    }
}
