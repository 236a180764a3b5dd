/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.config.DurationText;
import java.util.ArrayList;
import java.util.List;

/** Lengths of time over time as columns of eighths of a character, on a scale from the minimum to the maximum that is shown. */
final class Chart {

    /** Stands for a length that is not known. */
    static final long GAP = -1;

    /** Of the scale at the left. */
    static final int LABEL_COLUMNS = 11;

    private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";
    private static final String UNKNOWN = "×";

    private Chart() {}

    /** Returns how many lengths fit into so many columns. */
    static int capacity(int columns) {
        return Math.max(1, columns - LABEL_COLUMNS);
    }

    /**
     * Returns so many rows, the top one first.
     *
     * @param nanos the lengths, the oldest first; {@link #GAP} where there is none
     */
    static List<String> of(List<Long> nanos, int columns, int rows) {
        List<Long> shown = nanos.subList(Math.max(0, nanos.size() - capacity(columns)), nanos.size());
        long min = shown.stream()
                .filter(length -> length != GAP)
                .mapToLong(Long::longValue)
                .min()
                .orElse(0);
        long max = shown.stream().mapToLong(Long::longValue).max().orElse(GAP); // where none is known
        long floor = Math.max(0, min - Math.max(1, (max - min) / 8)); // the minimum is seen, too
        List<String> lines = new ArrayList<>();
        for (int row = rows - 1; row >= 0; row--) {
            StringBuilder line =
                    new StringBuilder(label(max < 0 ? "" : text(row, rows, floor, Math.max(max, floor + 1))));
            for (long length : shown) {
                line.append(length == GAP ? (row == 0 ? UNKNOWN : " ") : cell(length, floor, max, row, rows));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static String text(int row, int rows, long floor, long max) {
        boolean isLabelled = row == rows - 1 || row == 0 || (rows >= 7 && row == rows / 2);
        return isLabelled ? DurationText.of(floor + (max - floor) * (row == rows - 1 ? rows : row) / rows) : "";
    }

    private static String label(String text) {
        return String.format("%" + (LABEL_COLUMNS - 2) + "s │", text);
    }

    private static char cell(long length, long floor, long max, int row, int rows) {
        double part = (double) (length - floor) / Math.max(1, max - floor);
        long eighths = Math.round(part * rows * 8) - row * 8L;
        return EIGHTHS.charAt((int) Math.max(0, Math.min(8, eighths)));
    }
}
