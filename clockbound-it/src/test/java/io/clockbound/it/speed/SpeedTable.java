/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The figures of one contest or several as a table in Markdown, with a column for each of ours. */
final class SpeedTable {

    private final List<?> ours;
    private final List<Row> rows = new ArrayList<>();

    /** Creates one without rows; {@code ours} are the heads of the columns. */
    SpeedTable(List<?> ours) {
        this.ours = List.copyOf(ours);
    }

    /**
     * A line of it.
     *
     * @param what was done
     * @param other how fast the other was, and who that is; empty when there is none
     * @param cells one for each of ours
     */
    record Row(String what, String other, List<Cell> cells) {}

    /** One of ours. */
    sealed interface Cell {

        String text();

        /**
         * One that was measured.
         *
         * @param absolute how fast it was; empty when the figure says it
         * @param figure the one that may have a target: ours by the other's, or ours
         */
        record Measured(String absolute, Figure figure, Target target) implements Cell {

            @Override
            public String text() {
                String number = figure.low() == figure.high()
                        ? String.format(Locale.ROOT, "**%.2f**", figure.median())
                        : String.format(
                                Locale.ROOT, "**%.2f** (%.2f–%.2f)", figure.median(), figure.low(), figure.high());
                return number + (absolute.isEmpty() ? "" : ", " + absolute) + target.verdict(figure.median());
            }
        }

        /** One whose runtime cannot do it. */
        record NotMeasured(String why) implements Cell {

            @Override
            public String text() {
                return why;
            }
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

        private String verdict(double figure) {
            if (sign.isEmpty()) {
                return "";
            }
            boolean isMet = sign.equals("≤") ? figure <= limit : figure >= limit;
            return String.format(Locale.ROOT, "; %s %.2f: %s", sign, limit, isMet ? "yes" : "no");
        }
    }

    /** Adds a row whose cells {@code cell} makes, one for each of ours. */
    <T> void add(String what, String other, List<T> columns, Function<T, Cell> cell) {
        rows.add(new Row(what, other, columns.stream().map(cell).toList()));
    }

    /** Adds a row for what could not be compared, because the other was not to be had. */
    void addNotMeasured(String what, String other) {
        rows.add(new Row(what, other + ": not measured, for want of cargo or namespaces", List.of()));
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

    static String serverTime(Speed speed) {
        return String.format(Locale.ROOT, "%.2f µs", speed.serverNanos() / 1e3);
    }

    static String processorTime(Speed speed) {
        return String.format(Locale.ROOT, "%.2f µs", speed.processorNanos() / 1e3);
    }

    @Override
    public String toString() {
        String heads = ours.stream().map(Object::toString).collect(Collectors.joining(" | "));
        StringBuilder text = new StringBuilder(
                        "| what | beside | " + heads + " |\n|---|---|" + "---|".repeat(ours.size()))
                .append('\n');
        for (Row row : rows) {
            String cells = row.cells().stream().map(Cell::text).collect(Collectors.joining(" | "));
            text.append("| " + row.what() + " | " + row.other() + " | " + cells + " |\n");
        }
        return text.toString();
    }
}
