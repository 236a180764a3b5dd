/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.ClockStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What became of the promise in one scenario.
 *
 * @param trusted trusted readings whose truth is known
 * @param misses those of them that do not contain true time
 * @param misplaced trusted readings whose interval is not of the moment when they were made
 * @param tightestMarginNanos the least that an interval had to spare
 * @param meanHalfWidthNanos while synchronised
 * @param meanChronydBoundNanos what chronyd's own numbers came to while synchronised
 * @param firstMisses for a person to read
 */
record Verdict(
        String scenario,
        int trusted,
        int misses,
        int misplaced,
        double tightestMarginNanos,
        double meanHalfWidthNanos,
        double meanChronydBoundNanos,
        List<ClockStatus> statuses,
        String firstMisses) {

    private static final int MISSES_SHOWN = 5;

    static Verdict of(String scenario, Observer observer) {
        return of(scenario, observer.readings(), observer.trueTime(), observer.chronydBoundsNanos());
    }

    static Verdict of(String scenario, List<Reading> readings, TrueTime trueTime, List<Double> chronydBoundsNanos) {
        List<Reading> trusted = readings.stream().filter(Reading::isTrusted).toList();
        int judged = 0;
        int misses = 0;
        double tightestNanos = Double.POSITIVE_INFINITY;
        StringBuilder firstMisses = new StringBuilder();
        for (Reading reading : trusted) {
            OptionalDouble correction = trueTime.correctionNanosAt(reading.midpointNanos());
            if (correction.isEmpty()) {
                continue;
            }
            judged++;
            double marginNanos = reading.halfWidthNanos() - Math.abs(correction.getAsDouble());
            tightestNanos = Math.min(tightestNanos, marginNanos);
            if (marginNanos < 0 && misses++ < MISSES_SHOWN) {
                long sinceStartNanos = reading.askedNanos() - trusted.get(0).askedNanos();
                firstMisses.append(String.format(
                        Locale.ROOT,
                        "%n  after %.3f s: true time %+.1f ns away, half width %d ns, %s",
                        sinceStartNanos / 1e9,
                        correction.getAsDouble(),
                        reading.halfWidthNanos(),
                        reading.status()));
            }
        }
        return new Verdict(
                scenario,
                judged,
                misses,
                (int) trusted.stream()
                        .filter(reading -> !reading.isOfThisMoment())
                        .count(),
                tightestNanos,
                trusted.stream()
                        .filter(reading -> reading.status() == ClockStatus.SYNCHRONIZED)
                        .mapToLong(Reading::halfWidthNanos)
                        .average()
                        .orElse(Double.NaN),
                chronydBoundsNanos.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(Double.NaN),
                inOrder(readings),
                firstMisses.toString());
    }

    /** Returns the statuses in the order in which they changed. */
    private static List<ClockStatus> inOrder(List<Reading> readings) {
        List<ClockStatus> statuses = new ArrayList<>();
        for (Reading reading : readings) {
            if (statuses.isEmpty() || statuses.get(statuses.size() - 1) != reading.status()) {
                statuses.add(reading.status());
            }
        }
        return List.copyOf(statuses);
    }

    static String heading() {
        return String.format(
                "%-40s %8s %7s %12s %15s %13s  %s",
                "scenario", "trusted", "misses", "tightest µs", "mean bound µs", "chronyd's µs", "statuses");
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%-40s %8d %7d %12.1f %15.1f %13.1f  %s",
                scenario,
                trusted,
                misses,
                tightestMarginNanos / 1e3,
                meanHalfWidthNanos / 1e3,
                meanChronydBoundNanos / 1e3,
                statuses);
    }
}
