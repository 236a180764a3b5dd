/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.RecentFrequencies.Stated;
import org.junit.jupiter.api.Test;

class RecentFrequenciesTest {

    private static final long MINUTE = 60_000_000_000L;

    private long nowNanos;

    @Test
    void theFirstFrequencyHasNotChanged() {
        assertThat(RecentFrequencies.NONE.changePpb(20_000)).isZero();
        assertThat(RecentFrequencies.NONE
                        .after(exactly(20_000), nextMinute(), false)
                        .changePpb(20_000))
                .isZero();
    }

    @Test
    void theFrequencyBeforeAJumpCountsForEightUpdatesMore() {
        RecentFrequencies frequencies = RecentFrequencies.NONE.after(exactly(-20_000), nextMinute(), false);
        for (int update = 1; update <= 8; update++) {
            frequencies = frequencies.after(exactly(3_000), nextMinute(), false);
            assertThat(frequencies.changePpb(3_000))
                    .as("after update " + update)
                    .isEqualTo(23_000);
        }
        assertThat(frequencies.after(exactly(3_000), nextMinute(), false).changePpb(3_000))
                .isZero();
    }

    /** A real chronyd, polling four times a second, stated for ten seconds that it ran 450 ppm faster than it did. */
    @Test
    void whereUpdatesAreFrequentTheFrequencyBeforeAJumpCountsForFourMinutes() {
        RecentFrequencies frequencies = RecentFrequencies.NONE.after(exactly(-20_000), 0, false);
        for (long nanos = MINUTE / 240; nanos <= 5 * MINUTE; nanos += MINUTE / 240) {
            frequencies = frequencies.after(exactly(3_000), nanos, false);
            if (nanos <= 4 * MINUTE) {
                assertThat(frequencies.changePpb(3_000))
                        .as("after " + nanos + " ns")
                        .isEqualTo(23_000);
            }
        }
        assertThat(frequencies.changePpb(3_000)).isZero();
        assertThat(frequencies.spans()).hasSizeLessThan(10);
    }

    @Test
    void whatWasStatedInTheSameHalfMinuteCountsOnBothSides() {
        RecentFrequencies frequencies = RecentFrequencies.NONE
                .after(new Stated(10_000, 1_000), 0, false)
                .after(new Stated(-10_000, 2_000), 1, false);
        assertThat(frequencies.changePpb(0)).isEqualTo(9_000);
        assertThat(frequencies.changePpb(-4_000)).isEqualTo(13_000);
        assertThat(frequencies.changePpb(4_000)).isEqualTo(12_000);
    }

    @Test
    void theFarthestOfTheLastFrequenciesCounts() {
        RecentFrequencies frequencies = RecentFrequencies.NONE
                .after(exactly(-25_000), nextMinute(), false)
                .after(exactly(-870_000), nextMinute(), false)
                .after(exactly(-26_000), nextMinute(), false);
        assertThat(frequencies.changePpb(-26_000)).isEqualTo(844_000);
    }

    /** chronyd before 4.7 under -x with makestep takes what it forgets, again and again, for a frequency. */
    @Test
    void aFrequencyThatWasFoundWhileStepsAreForgottenIsNotRemembered() {
        RecentFrequencies frequencies = RecentFrequencies.NONE.after(exactly(-20_000), nextMinute(), false);
        for (int update = 0; update < 60; update++) {
            frequencies = frequencies.after(exactly(-5_000_000), nextMinute(), update % 3 == 0);
            assertThat(frequencies.changePpb(-5_000_000)).isEqualTo(4_980_000);
        }
    }

    @Test
    void theSourceHasFoundItsFrequencyAgainEightUpdatesAfterItForgotAStep() {
        RecentFrequencies frequencies = RecentFrequencies.NONE.after(exactly(-20_000), nextMinute(), false);
        frequencies = frequencies.after(exactly(-5_000_000), nextMinute(), true);
        for (int update = 1; update <= 7; update++) {
            frequencies = frequencies.after(exactly(-20_000), nextMinute(), false);
            assertThat(frequencies.spans()).as("after update " + update).hasSize(1);
        }
        assertThat(frequencies.after(exactly(-20_000), nextMinute(), false).spans())
                .hasSize(2);
    }

    @Test
    void theFirstFrequencyIsRememberedInAnyCase() {
        assertThat(RecentFrequencies.NONE
                        .after(exactly(-20_000), nextMinute(), true)
                        .changePpb(-10_000))
                .isEqualTo(10_000);
    }

    @Test
    void whatTheSourceStatedThatItsFrequencyCouldBeWrongByIsNoChange() {
        RecentFrequencies frequencies = RecentFrequencies.NONE.after(new Stated(-20_000, 15_000), nextMinute(), false);
        assertThat(frequencies.changePpb(-5_000)).isZero();
        assertThat(frequencies.changePpb(-3_000)).isEqualTo(2_000);
        assertThat(frequencies.changePpb(-37_000)).isEqualTo(2_000);
    }

    @Test
    void aChangeBeyondTheRangeOfALongIsTheEndOfTheRange() {
        assertThat(RecentFrequencies.NONE
                        .after(exactly(Long.MAX_VALUE), nextMinute(), false)
                        .changePpb(-2))
                .isEqualTo(Long.MAX_VALUE);
    }

    private long nextMinute() {
        nowNanos += MINUTE;
        return nowNanos;
    }

    private static Stated exactly(long ppb) {
        return new Stated(ppb, 0);
    }
}
