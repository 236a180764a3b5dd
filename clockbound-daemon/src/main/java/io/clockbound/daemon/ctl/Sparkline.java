/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.config.DurationText;
import java.util.Collection;

/** A row of numbers as a row of bars, each one character. */
final class Sparkline {

    /** Stands for a number that is not known. */
    static final long GAP = -1;

    private static final String BARS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /** Returns bars whose heights are in the proportion of the numbers, the highest for the greatest, and its value. */
    static String of(Collection<Long> nanos) {
        long greatest = nanos.stream().mapToLong(Long::longValue).max().orElse(GAP);
        if (greatest <= 0) {
            return " ".repeat(nanos.size());
        }
        StringBuilder row = new StringBuilder(nanos.size());
        for (long value : nanos) {
            row.append(value == GAP ? ' ' : BARS.charAt((int) ((double) value / greatest * (BARS.length() - 1))));
        }
        return row + "  up to " + DurationText.of(greatest);
    }
}
