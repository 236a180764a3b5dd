/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {

    /** A bound of 25 ms that grows by 240 µs and drops: on a scale from 0 that would be a flat line. */
    @Test
    void aSawToothIsSeenHoweverSmallItIsBesideTheWhole() {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            nanos.add(25_000_000L + i % 16 * 15_000L);
        }
        List<String> rows = Chart.of(nanos, 80, 6);
        assertThat(rows).hasSize(6).allMatch(row -> row.length() <= 80);
        String top = bars(rows.get(0));
        assertThat(top.charAt(15)).isEqualTo('█');
        assertThat(top.charAt(16)).isEqualTo(' ');
        assertThat(bars(rows.get(5))).doesNotContain(" ");
        assertThat(rows.get(0)).startsWith("  25.3 ms │");
    }

    @Test
    void whatIsNotKnownIsMarkedAndNotDrawnAsZero() {
        List<String> rows = Chart.of(List.of(100L, Chart.GAP, 200L), 80, 4);
        assertThat(bars(rows.get(3)).charAt(1)).isEqualTo('×');
        assertThat(bars(rows.get(0)).charAt(1)).isEqualTo(' ');
    }

    @Test
    void whereNothingIsKnownThereIsNoScaleThatCouldBeTakenForABound() {
        assertThat(Chart.of(List.of(Chart.GAP, Chart.GAP), 80, 9))
                .hasSize(9)
                .noneMatch(row -> row.contains("ns"))
                .last()
                .asString()
                .endsWith("××");
    }

    @Test
    void withoutAnyReadingThereIsAScaleAndNothingElse() {
        assertThat(Chart.of(List.of(), 80, 4)).hasSize(4);
        assertThat(Chart.of(List.of(Chart.GAP), 12, 1)).hasSize(1);
    }

    private static String bars(String row) {
        return row.substring(Chart.LABEL_COLUMNS);
    }
}
