/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.config.DurationText;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JSON object as lines for people. It knows no member by name, only units, so that daemons of other versions are shown. */
final class StatusText {

    private static final String INDENT = "  ";
    private static final int VALUE_COLUMN = 28;

    /** Two hours, of which nobody wants the seconds. */
    private static final long LONG_NANOS = 7_200_000_000_000L;

    private StatusText() {}

    /** Returns the lines, without the end of the last. */
    static String of(Map<String, ?> object) {
        List<String> lines = new ArrayList<>();
        addMembers(lines, "", object);
        return String.join("\n", lines);
    }

    private static void addMembers(List<String> lines, String indent, Map<?, ?> members) {
        members.forEach((key, value) -> add(lines, indent, String.valueOf(key), value));
    }

    private static void add(List<String> lines, String indent, String key, Object value) {
        String label = indent + label(key);
        if (value instanceof Map<?, ?> members) {
            lines.add(label);
            addMembers(lines, indent + INDENT, members);
        } else if (value instanceof List<?> items && !items.isEmpty() && items.get(0) instanceof Map<?, ?>) {
            lines.add(label);
            table(items).forEach(line -> lines.add(indent + INDENT + line));
        } else if (value instanceof List<?> items) {
            lines.add(items.isEmpty() ? row(label, "none") : label);
            items.forEach(item -> lines.add(indent + INDENT + item));
        } else {
            lines.add(row(label, text(key, value)));
        }
    }

    /** Returns the lines of a table of objects. */
    static List<String> table(List<?> items) {
        List<Map<?, ?>> rows = new ArrayList<>();
        for (Object item : items) {
            if (item instanceof Map<?, ?> row) {
                rows.add(row);
            }
        }
        return Table.of(rows, StatusText::label, StatusText::cell);
    }

    private static String cell(String key, Object value) {
        return key.endsWith("_epoch_ns") && value instanceof Long number
                ? StatusSummary.second(number)
                : text(key, value);
    }

    private static String row(String label, String text) {
        return String.format("%-" + VALUE_COLUMN + "s%s", label, text);
    }

    /** Returns the words of a name, without its unit. */
    private static String label(String key) {
        return key.replaceFirst("^is_", "")
                .replaceFirst("(_epoch)?_ns$|_ppb$", "")
                .replace('_', ' ');
    }

    private static String text(String key, Object value) {
        if (value instanceof Boolean is) {
            return is ? "yes" : "no";
        }
        if (!(value instanceof Long number)) {
            return String.valueOf(value);
        }
        if (key.endsWith("_epoch_ns")) {
            return Instant.ofEpochSecond(0, number).toString();
        }
        if (key.endsWith("_in_ns")) {
            return Elapsed.left(number);
        }
        if (key.endsWith("_ns")) {
            return number < LONG_NANOS ? DurationText.of(number) : Elapsed.of(number);
        }
        return key.endsWith("_ppb")
                ? BigDecimal.valueOf(number, 3).stripTrailingZeros().toPlainString() + " ppm"
                : number.toString();
    }
}
