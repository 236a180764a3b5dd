/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NanosRangeTest {

    @Test
    void rangesThatTouchHaveThatNanosecondInCommonAndOthersNone() {
        NanosRange range = new NanosRange(3, 7);
        assertThat(range.intersection(new NanosRange(7, 9))).contains(new NanosRange(7, 7));
        assertThat(range.intersection(new NanosRange(1, 3))).contains(new NanosRange(3, 3));
        assertThat(range.intersection(new NanosRange(8, 9))).isEmpty();
    }

    @Test
    void sumsAndDistancesStopAtTheEndsOfTheTimeLine() {
        assertThat(NanosRange.saturatedSum(Long.MAX_VALUE, 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(NanosRange.saturatedSum(Long.MIN_VALUE, -1)).isEqualTo(Long.MIN_VALUE);
        assertThat(NanosRange.distance(Long.MIN_VALUE, 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(NanosRange.distance(5, 2))
                .isEqualTo(NanosRange.distance(2, 5))
                .isEqualTo(3);
    }

    @Test
    void theMiddleIsRoundedDown() {
        assertThat(new NanosRange(1, 2).middle()).isEqualTo(1);
        assertThat(new NanosRange(2, 3).middle()).isEqualTo(2);
        assertThat(new NanosRange(1, 3).middle()).isEqualTo(2);
        assertThat(new NanosRange(-3, -2).middle()).isEqualTo(-3);
    }

    @Test
    void aRangeThatAnOverflowTurnedRoundIsRefused() {
        assertThatThrownBy(() -> NanosRange.around(0, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 1 to -1 ns");
    }
}
