/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What of an estimate still holds at the next reply. */
class EstimateCarriedOverTest extends PerfectOscillator {

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
        assertThat(after(before, reply(10 * SECOND), PERFECT).error()).isEqualTo(new NanosRange(-12_250, 12_250));
        source.skew(0);
        Estimate wide = after(null, reply(0, source.skew(1_000).rootDispersion(1_000)), PERFECT);
        source.skew(0).rootDispersion(50_000);
        assertThat(after(wide, reply(10 * SECOND), PERFECT).error()).isEqualTo(new NanosRange(-12_250, 12_250));
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
}
