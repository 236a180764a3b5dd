/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a figure grows with a number of things.
 *
 * @param title the figure and its unit
 * @param things what there are more and more of
 * @param counts how many there are, from few to many
 * @param curves one for each program
 */
record Growth(String title, String things, List<Integer> counts, List<Curve> curves) {

    /**
     * The figures of one program.
     *
     * @param figures one for each of the counts
     */
    record Curve(String name, List<Double> figures) {}

    double max() {
        return curves.stream()
                .flatMap(curve -> curve.figures().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
    }

    /** Returns it as a table in Markdown. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(row(title + ", by " + things, counts, Object::toString));
        text.append("|---|").append("---|".repeat(counts.size())).append('\n');
        for (Curve curve : curves) {
            text.append(row(curve.name(), curve.figures(), Growth::text));
        }
        return text.toString();
    }

    private static <T> String row(String head, List<T> cells, Function<T, String> text) {
        return cells.stream().map(text).collect(Collectors.joining(" | ", "| " + head + " | ", " |\n"));
    }

    static String text(double figure) {
        return String.format(Locale.ROOT, figure < 100 ? "%.2f" : "%.0f", figure);
    }
}
