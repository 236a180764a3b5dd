/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.ClockStatus;
import io.clockbound.it.Reading;
import io.clockbound.it.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What became of the promise in one scenario.
 *
 * <p>An interval is of some moment between question and answer, and misses true time when it does so at every such moment.
 * It need not lie around the wall clock.
 *
 * @param readings those whose truth is known
 * @param trusted those of them that are trusted
 * @param misses those of the trusted that do not contain true time
 * @param tightestMarginNanos the least that an interval had to spare
 * @param meanHalfWidthNanos while synchronised
 * @param meanChronydBoundNanos what chronyd's own numbers came to while synchronised
 * @param firstMisses for a person to read
 */
public record Verdict(
        String scenario,
        int readings,
        int trusted,
        int misses,
        double tightestMarginNanos,
        double meanHalfWidthNanos,
        double meanChronydBoundNanos,
        List<ClockStatus> statuses,
        String firstMisses) {

    private static final int MISSES_SHOWN = 5;
    private static final int STATUSES_SHOWN = 8;

    public static Verdict of(String scenario, Observer observer) {
        return of(scenario, observer.readings(), observer.trueTime(), observer.chronydBoundsNanos());
    }

    public static Verdict of(
            String scenario, List<Reading> readings, TrueTime trueTime, List<Double> chronydBoundsNanos) {
        int known = 0;
        int trusted = 0;
        int misses = 0;
        double tightestNanos = Double.POSITIVE_INFINITY;
        StringBuilder firstMisses = new StringBuilder();
        for (Reading reading : readings) {
            OptionalDouble asked = trueTime.correctionNanosAt(reading.askedNanos());
            OptionalDouble answered = trueTime.correctionNanosAt(reading.answeredNanos());
            if (asked.isEmpty() || answered.isEmpty()) {
                continue;
            }
            known++;
            if (!reading.isTrusted()) {
                continue;
            }
            trusted++;
            double marginNanos = Math.min(
                    reading.latestNanos() - reading.askedNanos() - asked.getAsDouble(),
                    reading.answeredNanos() - reading.earliestNanos() + answered.getAsDouble());
            tightestNanos = Math.min(tightestNanos, marginNanos);
            if (marginNanos < 0 && misses++ < MISSES_SHOWN) {
                long sinceStartNanos = reading.askedNanos() - readings.get(0).askedNanos();
                firstMisses.append(String.format(
                        Locale.ROOT,
                        "%n  after %.3f s: true time %+.1f ns away, outside by %.1f ns, half width %d ns, %s",
                        sinceStartNanos / 1e9,
                        asked.getAsDouble(),
                        -marginNanos,
                        reading.halfWidthNanos(),
                        reading.status()));
            }
        }
        return new Verdict(
                scenario,
                known,
                trusted,
                misses,
                tightestNanos,
                readings.stream()
                        .filter(reading -> reading.status() == ClockStatus.SYNCHRONIZED)
                        .mapToDouble(Reading::halfWidthNanos)
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

    /** Adds this to a table. */
    public void report(Report report) throws IOException {
        report.add(heading(), List.of(row()));
    }

    private static String heading() {
        return String.format(
                "%-48s %8s %8s %7s %12s %15s %13s  %s",
                "scenario",
                "readings",
                "trusted",
                "misses",
                "tightest µs",
                "mean bound µs",
                "chronyd's µs",
                "statuses");
    }

    private String row() {
        return String.format(
                Locale.ROOT,
                "%-48s %8d %8d %7d %12.1f %15.1f %13.1f  %s",
                scenario,
                readings,
                trusted,
                misses,
                tightestMarginNanos / 1e3,
                meanHalfWidthNanos / 1e3,
                meanChronydBoundNanos / 1e3,
                statuses.size() <= STATUSES_SHOWN
                        ? statuses
                        : statuses.subList(0, STATUSES_SHOWN) + " and " + (statuses.size() - STATUSES_SHOWN) + " more");
    }
}
