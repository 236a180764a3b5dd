/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.RecentFrequencies.Stated;
import org.junit.jupiter.api.Test;

class RecentFrequenciesTest {

    @Test
    void theFirstFrequencyHasNotChanged() {
        assertThat(RecentFrequencies.NONE.changePpb(20_000)).isZero();
        assertThat(RecentFrequencies.NONE.after(exactly(20_000), false).changePpb(20_000))
                .isZero();
    }

    @Test
    void theFrequencyBeforeAJumpCountsForEightUpdatesMore() {
        RecentFrequencies frequencies = RecentFrequencies.NONE.after(exactly(-20_000), false);
        for (int update = 1; update <= 8; update++) {
            frequencies = frequencies.after(exactly(3_000), false);
            assertThat(frequencies.changePpb(3_000))
                    .as("after update " + update)
                    .isEqualTo(23_000);
        }
        assertThat(frequencies.after(exactly(3_000), false).changePpb(3_000)).isZero();
    }

    @Test
    void theFarthestOfThemCounts() {
        RecentFrequencies frequencies = RecentFrequencies.NONE
                .after(exactly(-25_000), false)
                .after(exactly(-870_000), false)
                .after(exactly(-26_000), false);
        assertThat(frequencies.changePpb(-26_000)).isEqualTo(844_000);
    }

    /** chronyd before 4.7 under -x with makestep takes what it forgets, again and again, for a frequency. */
    @Test
    void aFrequencyThatWasFoundWhileStepsAreForgottenIsNotRemembered() {
        RecentFrequencies frequencies = RecentFrequencies.NONE.after(exactly(-20_000), false);
        for (int update = 0; update < 60; update++) {
            frequencies = frequencies.after(exactly(-5_000_000), update % 3 == 0);
            assertThat(frequencies.changePpb(-5_000_000)).isEqualTo(4_980_000);
        }
    }

    @Test
    void theFirstFrequencyIsRememberedInAnyCase() {
        assertThat(RecentFrequencies.NONE.after(exactly(-20_000), true).changePpb(-10_000))
                .isEqualTo(10_000);
    }

    @Test
    void whatTheSourceStatedThatItsFrequencyCouldBeWrongByIsNoChange() {
        RecentFrequencies frequencies = RecentFrequencies.NONE.after(new Stated(-20_000, 15_000), false);
        assertThat(frequencies.changePpb(-5_000)).isZero();
        assertThat(frequencies.changePpb(-3_000)).isEqualTo(2_000);
        assertThat(frequencies.changePpb(-37_000)).isEqualTo(2_000);
    }

    @Test
    void theLargestDistanceIsTheLargestNumber() {
        assertThat(RecentFrequencies.NONE.after(exactly(Long.MAX_VALUE), false).changePpb(-2))
                .isEqualTo(Long.MAX_VALUE);
    }

    private static Stated exactly(long ppb) {
        return new Stated(ppb, 0);
    }
}
