/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The program behind {@code clockbound-it/simulate}. Exit codes: 0 nothing missed, 1 something did, 2 wrong command line. */
final class SimulationRun {

    private static final String USAGE =
            "usage: clockbound-it/simulate FIRST-SEED SECONDS, or FIRST-SEED with" + " 'only' for that one seed";
    private static final int POLLS = 6_000;
    private static final double SECONDS_PER_YEAR = 365.25 * 86_400;

    private SimulationRun() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2
                || !arguments[0].matches("\\d{1,15}")
                || !(arguments[1].equals("only") || arguments[1].matches("\\d{1,6}"))) {
            System.err.println("simulate: " + String.join(" ", arguments) + " is not understood; " + USAGE);
            System.exit(2);
        }
        long first = Long.parseLong(arguments[0]);
        boolean isOne = arguments[1].equals("only");
        long endNanos = System.nanoTime() + (isOne ? 0 : 1_000_000_000L * Long.parseLong(arguments[1]));
        Path directory = Files.createTempDirectory("clockbound-simulation");
        Verdict all = new Verdict(200_000);
        long seed = first;
        do {
            all.add(run(seed, POLLS, directory, isOne));
            seed++;
        } while (System.nanoTime() - endNanos < 0);
        SimulatedSeed.delete(directory);
        System.out.println(json(first, seed - 1, all));
        System.exit(all.notes.isEmpty() ? 0 : 1);
    }

    /** Runs one seed, of so many polls; it is reported when something is wrong with it. */
    static Verdict run(long seed, int polls, Path directory, boolean isLoud) throws IOException {
        SimulatedHost host = new SimulatedHost(seed, polls, directory);
        if (isLoud) {
            host.keepDiary(System.err::println, Double.parseDouble(System.getProperty("clockbound.diary", "Infinity")));
        }
        Verdict verdict = host.run();
        if (isLoud || !verdict.notes.isEmpty()) {
            System.err.println("seed " + seed + ": " + verdict.notes + "; missed " + verdict.missed + " of "
                    + verdict.trusted + " trusted, worst by " + verdict.worstNanos + " ns; " + host.describe());
        }
        return verdict;
    }

    static String json(long first, long last, Verdict all) {
        return String.format(
                Locale.ROOT,
                "{\"first_seed\":%d,\"last_seed\":%d,\"years\":%.2f,\"polls\":%d,\"readings\":%d,\"trusted\":%d,"
                        + "\"missed\":%d,\"seeds_with_notes\":%d,\"exposed\":%d,\"unvouched\":%d,"
                        + "\"minimum_margin_ns\":%d,\"width_to_oracle\":{\"median\":%.3f,\"p95\":%.3f}}",
                first,
                last,
                all.seconds / SECONDS_PER_YEAR,
                all.polls,
                all.readings,
                all.trusted,
                all.missed,
                all.notes.size(),
                all.exposed,
                all.unvouched,
                all.minimumMarginNanos,
                all.widthQuantile(0.5),
                all.widthQuantile(0.95));
    }
}
