/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures as a table in Markdown. */
final class SpeedTable {

    private final List<Row> rows = new ArrayList<>();

    /**
     * A line of it.
     *
     * @param what was done
     * @param ours how fast ours was, or what it took
     * @param others how fast the other was, and who that is
     * @param figure the one that has a target, if any: ours by the other's, or ours
     */
    record Row(String what, String ours, String others, double figure, Target target) {

        /** Returns a line for what could not be compared, because the other was not to be had. */
        static Row notMeasured(String what, String ours, String other, Target target) {
            return new Row(what, ours, other + ": not measured, for want of cargo or namespaces", Double.NaN, target);
        }

        private String line() {
            boolean isMeasured = !Double.isNaN(figure);
            return String.join(
                    " | ",
                    "| " + what,
                    ours,
                    others,
                    isMeasured ? String.format(Locale.ROOT, "%.2f", figure) : "",
                    target.text(),
                    (isMeasured ? target.isMetBy(figure) : "") + " |");
        }
    }

    /** What a figure should be. */
    record Target(String sign, double limit) {

        static final Target NONE = new Target("", 0);

        static Target atMost(double limit) {
            return new Target("≤", limit);
        }

        static Target atLeast(double limit) {
            return new Target("≥", limit);
        }

        private String text() {
            return sign.isEmpty() ? "" : String.format(Locale.ROOT, "%s %.2f", sign, limit);
        }

        private String isMetBy(double figure) {
            if (sign.isEmpty()) {
                return "";
            }
            return (sign.equals("≤") ? figure <= limit : figure >= limit) ? "yes" : "no";
        }
    }

    void add(Row row) {
        rows.add(row);
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    static String nanos(Speed speed) {
        return String.format(Locale.ROOT, "%.1f / %.1f ns", speed.medianNanos(), speed.lateNanos());
    }

    static String micros(Speed speed) {
        return String.format(Locale.ROOT, "%.1f / %.1f µs", speed.medianNanos() / 1e3, speed.lateNanos() / 1e3);
    }

    static String rate(Speed speed) {
        return String.format(Locale.ROOT, "%.1f k/s", speed.perSecond() / 1e3);
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("| what | ours | other | figure | target | met |\n|---|---|---|---|---|---|\n");
        rows.forEach(row -> text.append(row.line()).append('\n'));
        return text.toString();
    }
}
