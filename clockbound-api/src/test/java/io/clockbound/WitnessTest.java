/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WitnessTest {

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void isTheWallClockMinusTheMonotonicClock() {
        assertThat(Witness.take(clock).nanos()).isEqualTo(clock.epochNanos() - clock.monotonicNanos());
    }

    @Test
    void doesNotChangeWhenBothClocksAreSlewed() {
        Witness before = Witness.take(clock);
        clock.slewAt(83_333_000);
        clock.advance(Duration.ofSeconds(1000));
        assertThat(Witness.take(clock).differsFrom(before)).isFalse();
    }

    @Test
    void tellsOfAStepOfAFewNanosecondsEitherWay() {
        Witness before = Witness.take(clock);
        clock.stepWallNanos(3);
        Witness after = Witness.take(clock);
        assertThat(after.differsFrom(before)).isTrue();
        assertThat(before.differsFrom(after)).isTrue();
    }

    @Test
    void aDifferenceThatBothErrorsTogetherAllowForIsNoStep() {
        assertThat(new Witness(30, 10, 1).differsFrom(new Witness(0, 20, 2))).isFalse();
        assertThat(new Witness(31, 10, 1).differsFrom(new Witness(0, 20, 2))).isTrue();
    }

    @Test
    void tellsOfASuspendedMachine() {
        Witness before = Witness.take(clock);
        clock.suspend(Duration.ofMillis(1), true);
        assertThat(Witness.take(clock).differsFrom(before)).isTrue();
    }

    @Test
    void errorCoversTheTimeThatTheReadingsTook() {
        clock.readingCosts(Duration.ofNanos(31));
        long truth = clock.epochNanos() - clock.monotonicNanos() + 31;
        Witness witness = Witness.take(clock);
        assertThat(witness.errorNanos()).isEqualTo(32);
        assertThat(witness.nanos()).isBetween(truth - 32, truth + 32);
    }

    @Test
    void comparesUntilItIsTight() {
        clock.readingCosts(Duration.ofNanos(20));
        for (int bracket = 1; bracket < Witness.MOST_BRACKETS; bracket++) {
            clock.beforeReading(3 * bracket, () -> clock.advance(Duration.ofMillis(7)));
        }
        assertThat(Witness.take(clock).errorNanos()).isEqualTo(21);
    }

    @Test
    void keepsTheTightestOfItsComparisons() {
        clock.readingCosts(Duration.ofNanos(1_000));
        for (int bracket = 1; bracket <= Witness.MOST_BRACKETS; bracket++) {
            long more = bracket == 3 ? 0 : 7_000;
            clock.beforeReading(3 * bracket, () -> clock.advance(Duration.ofNanos(more)));
        }
        assertThat(Witness.take(clock).errorNanos()).isEqualTo(1_001);
    }

    @Test
    void comparesNoMoreOnceItIsTight() {
        clock.readingCosts(Duration.ofNanos(20));
        long before = clock.monotonicNanos();
        Witness.take(clock);
        assertThat(clock.monotonicNanos() - before)
                .as("one before, three to compare")
                .isEqualTo(5 * 20);
    }

    @Test
    void isTakenBeforeTheClocksAreCompared() {
        long before = clock.monotonicNanos();
        clock.readingCosts(Duration.ofNanos(20));
        assertThat(Witness.take(clock).takenNanos() - before).isEqualTo(20);
    }

    @Test
    void anotherAsTightDoesNotAddToTheError() {
        clock.readingCosts(Duration.ofNanos(31));
        Witness first = Witness.take(clock);
        assertThat(first.until(Witness.take(clock))).isEqualTo(first);
    }

    @Test
    void anotherThatIsLooseAddsWhatItCannotRuleOut() {
        assertThat(new Witness(100, 10, 1).until(new Witness(-900, 5_000, 2))).isEqualTo(new Witness(100, 6_000, 1));
    }
}
