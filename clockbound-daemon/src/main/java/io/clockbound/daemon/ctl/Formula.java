/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The half width of this moment as the sum of its terms, to the nanosecond. */
final class Formula {

    private static final Map<String, String> MEANINGS = Map.of(
            "measurement", "error of the newest measurement: half its round-trip delay, and its dispersion",
            "reference", "error of the reference clock itself",
            "age", "what the estimate can have run off since that measurement",
            "earlier",
                    "what earlier polls narrow the bound by, or widen it by; the grown bound of one, while chronyd does not measure",
            "correction", "the way on which the wall clock may be slewed by what is left to correct",
            "comparison", "uncertainty of the comparison of the two clocks, and roundings",
            "unseen", "what the clock may have moved that no poll has shown",
            "growth", "drift since the last poll that made a bound");

    private Formula() {}

    /**
     * Returns a line such as {@code 27 ns = 25 measurement + 2 growth}; terms that are 0 are left out.
     *
     * @param bound the member of that name
     */
    static String line(Report bound) {
        StringBuilder line = new StringBuilder(grouped(bound.number("now_ns")) + " ns =");
        boolean isFirst = true;
        for (Term term : terms(bound)) {
            String sign = term.nanos < 0 ? " - " : isFirst ? " " : " + ";
            line.append(sign).append(grouped(Math.abs(term.nanos))).append(' ').append(term.name);
            isFirst = false;
        }
        return line.toString();
    }

    /** Returns a line for each term, with what it is. */
    static List<String> explained(Report bound) {
        List<String> lines = new ArrayList<>();
        for (Term term : terms(bound)) {
            lines.add(String.format(
                    "%18s ns  %-11s  %s", grouped(term.nanos), term.name, MEANINGS.getOrDefault(term.name, "")));
        }
        lines.add(String.format("%18s ns  half width", grouped(bound.number("now_ns"))));
        return lines;
    }

    /** A summand. */
    record Term(String name, long nanos) {}

    /** Returns the terms that are not 0, in their order. */
    static List<Term> terms(Report bound) {
        List<Term> terms = new ArrayList<>();
        bound.object("terms").members().forEach((name, value) -> {
            if (value instanceof Long nanos && nanos != 0) {
                terms.add(new Term(String.valueOf(name).replaceFirst("_ns$", ""), nanos));
            }
        });
        return terms;
    }

    /** Returns a number with a space between groups of three digits. */
    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }
}
