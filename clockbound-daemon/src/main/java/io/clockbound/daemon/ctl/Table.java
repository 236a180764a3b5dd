/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** JSON objects of one kind as the rows of a table: a column for each member, its name above it. */
final class Table {

    private static final String GAP = "  ";
    private static final String NOTHING = "-";

    private Table() {}

    /**
     * Returns its lines, the names of the columns first.
     *
     * @param label returns the name of a column, by that of the member
     * @param text returns the text of a cell, by the name of the member and its value
     */
    static List<String> of(List<Map<?, ?>> rows, UnaryOperator<String> label, BiFunction<String, Object, String> text) {
        Map<String, Integer> widths = new LinkedHashMap<>();
        for (Map<?, ?> row : rows) {
            row.keySet().forEach(key -> widths.putIfAbsent(String.valueOf(key), 0));
        }
        List<Map<String, String>> cells = new ArrayList<>();
        Map<String, String> head = new LinkedHashMap<>();
        widths.keySet().forEach(column -> head.put(column, label.apply(column)));
        cells.add(head);
        for (Map<?, ?> row : rows) {
            Map<String, String> line = new LinkedHashMap<>();
            for (String column : widths.keySet()) {
                Object value = row.get(column);
                line.put(column, value == null ? NOTHING : text.apply(column, value));
            }
            cells.add(line);
        }
        widths.replaceAll((column, none) -> cells.stream()
                .mapToInt(line -> line.getOrDefault(column, "").length())
                .max()
                .orElse(0));
        return cells.stream().map(line -> line(line, widths)).toList();
    }

    private static String line(Map<String, String> cells, Map<String, Integer> widths) {
        StringBuilder line = new StringBuilder();
        widths.forEach((column, width) -> {
            String cell = cells.getOrDefault(column, "");
            line.append(cell).append(" ".repeat(width - cell.length())).append(GAP);
        });
        return line.toString().stripTrailing();
    }
}
