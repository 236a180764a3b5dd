/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LostFrequencyTest {

    @Test
    void theFrequencyBeforeARestartCountsUntilTheEighthUpdate() {
        LostFrequency lost = LostFrequency.NONE.afterRestart(-20_000);
        for (int update = 1; update < 8; update++) {
            lost = lost.after(true);
            assertThat(lost.ppb()).as("after update " + update).isEqualTo(20_000);
        }
        assertThat(lost.after(true)).isEqualTo(LostFrequency.NONE);
    }

    @Test
    void aReplyWithoutAnUpdateFindsNothing() {
        LostFrequency lost = LostFrequency.NONE.afterRestart(20_000);
        assertThat(lost.after(false)).isEqualTo(lost);
    }

    @Test
    void aSecondRestartDoesNotMakeTheLossSmaller() {
        LostFrequency lost = LostFrequency.NONE.afterRestart(20_000).after(true).afterRestart(3);
        assertThat(lost).isEqualTo(LostFrequency.NONE.afterRestart(20_000));
    }
}
