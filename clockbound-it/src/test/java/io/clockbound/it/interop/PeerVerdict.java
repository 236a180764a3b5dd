/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Reading;
import io.clockbound.it.Report;
import io.clockbound.it.truth.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the promise in one program that reads a clock.
 *
 * @param errors failures of the client, as it told them
 * @param misordered readings by which a second ago or in a second is not where it should be
 * @param backward trusted readings that end before another began that was made earlier
 * @param apart trusted readings that do not overlap with the one that another program made at about the same instant
 * @param medianHalfWidthNanos while trusted
 */
record PeerVerdict(
        String name,
        Verdict verdict,
        List<String> errors,
        int misordered,
        int backward,
        int apart,
        double medianHalfWidthNanos) {

    /**
     * Judges the readings of a time.
     *
     * @param others readings of that time which all have to overlap with
     */
    static PeerVerdict of(String name, List<PeerReading> readings, List<PeerReading> others, TruthWatch truth) {
        List<Reading> plain = readings.stream().map(PeerReading::reading).toList();
        List<Reading> trusted = plain.stream().filter(Reading::isTrusted).toList();
        List<Double> chronyd = readings.isEmpty()
                ? List.of()
                : truth.boundsNanos(
                        plain.get(0).askedNanos(), plain.get(plain.size() - 1).answeredNanos());
        return new PeerVerdict(
                name,
                Verdict.of(name, plain, truth.trueTime(), chronyd),
                readings.stream()
                        .filter(PeerReading::isError)
                        .map(PeerReading::remark)
                        .toList(),
                (int) readings.stream().filter(PeerReading::isMisordered).count(),
                countBackward(trusted),
                countApart(trusted, others),
                median(trusted));
    }

    /** Fails unless the client never failed and every trusted interval overlaps with those of the others. */
    void requireAgreement() {
        assertThat(errors).as("errors of " + row()).isEmpty();
        assertThat(apart).as("apart of " + row()).isZero();
        assertThat(verdict.trusted()).as(row()).isGreaterThan(500);
    }

    /** Fails unless every trusted interval is what it should be, and the client never failed. */
    void requireTruth() {
        assertThat(verdict.misses()).as(name + verdict.firstMisses()).isZero();
        assertThat(errors).as("errors of " + row()).isEmpty();
        assertThat(List.of(misordered, backward, apart))
                .as("misordered, backward, apart of " + row())
                .containsOnly(0);
        assertThat(verdict.trusted()).as(row()).isGreaterThan(500);
    }

    /** Adds verdicts to the report as a table of their own. */
    static void report(String title, List<PeerVerdict> verdicts) throws IOException {
        Report.INTEROP.add(
                heading(title), verdicts.stream().map(PeerVerdict::row).toList());
    }

    private static String heading(String title) {
        return String.format(
                "%-54s %8s %6s %6s %8s %6s %11s %9s %9s %10s  %s",
                title,
                "readings",
                "errors",
                "misses",
                "backward",
                "apart",
                "tightest µs",
                "mean µs",
                "median µs",
                "chronyd µs",
                "statuses");
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%-54s %8d %6d %6d %8d %6d %11.1f %9.1f %9.1f %10.1f  %s",
                name,
                verdict.trusted(),
                errors.size(),
                verdict.misses(),
                backward,
                apart,
                verdict.tightestMarginNanos() / 1e3,
                verdict.meanHalfWidthNanos() / 1e3,
                medianHalfWidthNanos / 1e3,
                verdict.meanChronydBoundNanos() / 1e3,
                verdict.statuses());
    }

    private static int countBackward(List<Reading> trusted) {
        long latestOfAllEarliest = Long.MIN_VALUE;
        int count = 0;
        for (Reading reading : trusted) {
            if (reading.latestNanos() < latestOfAllEarliest) {
                count++;
            }
            latestOfAllEarliest = Math.max(latestOfAllEarliest, reading.earliestNanos());
        }
        return count;
    }

    private static int countApart(List<Reading> trusted, List<PeerReading> others) {
        TreeMap<Long, Reading> byInstant = new TreeMap<>();
        others.stream()
                .filter(PeerReading::isTrusted)
                .forEach(other -> byInstant.put(other.reading().askedNanos(), other.reading()));
        return (int) trusted.stream()
                .filter(reading -> {
                    Map.Entry<Long, Reading> nearest = byInstant.floorEntry(reading.askedNanos());
                    return nearest != null && !reading.overlaps(nearest.getValue());
                })
                .count();
    }

    private static double median(List<Reading> trusted) {
        return trusted.stream()
                .mapToLong(Reading::halfWidthNanos)
                .sorted()
                .skip(trusted.size() / 2)
                .findFirst()
                .orElse(0);
    }
}
