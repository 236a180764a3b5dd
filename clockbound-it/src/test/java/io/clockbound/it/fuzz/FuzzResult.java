/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.fuzz;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What came of fuzzing a target.
 *
 * @param inputs how many inputs were judged
 * @param seconds how long that took, with the start of the Java runtime
 * @param branches how many places of the code they reached
 * @param finding what is wrong with an input; empty when nothing is
 */
record FuzzResult(FuzzTarget target, long inputs, double seconds, long branches, String finding) {

    static final String HEADING =
            String.format("%-16s %14s %9s %8s  %s", "target", "inputs", "seconds", "places", "finding");

    private static final Pattern INPUTS = Pattern.compile("stat::number_of_executed_units: (\\d+)");
    private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+)");
    private static final Pattern FINDING =
            Pattern.compile("== (Java Exception: .*|libFuzzer crashing input.*)|ERROR: .*");

    /** Reads what the fuzzer printed. */
    static FuzzResult of(FuzzTarget target, String printed, double seconds, int exitCode) {
        String finding = FINDING.matcher(printed)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElse("");
        boolean isUnexplained = finding.isEmpty() && (exitCode != 0 || last(INPUTS, printed) == 0);
        return new FuzzResult(
                target,
                last(INPUTS, printed),
                seconds,
                last(COVERAGE, printed),
                isUnexplained ? "exit code " + exitCode + ":\n" + printed : finding);
    }

    private static long last(Pattern number, String printed) {
        return number.matcher(printed)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .reduce(0, (earlier, later) -> later);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-16s %,14d %9.1f %8d  %s",
                target,
                inputs,
                seconds,
                branches,
                finding.isEmpty() ? "none" : finding);
    }
}
