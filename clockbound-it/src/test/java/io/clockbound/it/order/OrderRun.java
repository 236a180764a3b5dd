/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.LocalClock;
import io.clockbound.Witness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Lets the hosts of a fleet commit and share leases: as they should, without the wait, and with clocks that lie. */
final class OrderRun {

    private static final Duration CONTROL = Duration.ofSeconds(24);

    private static final int MOST_CONTROLS = 5;
    private static final int MOST_SHOWN = 20;

    private OrderRun() {}

    /**
     * Prints what happened and how fast PostgreSQL is with the wait, and draws some of it.
     *
     * @param arguments the seconds of the run whose hosts wait, and the file of the picture
     */
    public static void main(String[] arguments) throws Exception {
        Path picture = Path.of(arguments[1]);
        Path directory = Files.createTempDirectory("hosts");
        List<Row> rows;
        try {
            rows = run(directory, Duration.ofSeconds(Long.parseLong(arguments[0])), CONTROL);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        System.out.print(table(rows));
        Verdict waiting = rows.get(0).verdict();
        waiting.misses().stream().limit(MOST_SHOWN).forEach(System.out::println);
        Files.writeString(
                picture, TimeLine.of(waiting.history(), rows.get(0).truth()).svg());
        System.out.println("\nA picture of some of it: " + picture);
        System.out.print("\n" + CommitRate.table(CommitRate.measure(Duration.ofSeconds(4), 6)));
    }

    /**
     * What came of one run.
     *
     * @param truth true time minus the monotonic clock of the machine
     */
    record Row(Mode mode, Fleet.Outcome outcome, Witness truth, Verdict verdict) {

        /** Tells whether both kinds of order were violated. */
        boolean isCaught() {
            return !verdict.realOrder().isEmpty() && !verdict.overlaps().isEmpty();
        }
    }

    /**
     * Runs all modes.
     *
     * @param waiting how long hosts commit and wait
     * @param control how long each of the runs takes that must break rules
     */
    static List<Row> run(Path directory, Duration waiting, Duration control) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (Fleet fleet = Fleet.start(directory)) {
            for (Mode mode : List.of(Mode.LYING, Mode.NOT_WAITING, Mode.WAITING)) { // the last with compiled code
                Row row = row(fleet, mode, mode.isSound() ? waiting : control);
                for (int i = 1; i < MOST_CONTROLS && !mode.isSound() && !row.isCaught(); i++) {
                    row = row(fleet, mode, control); // by chance, one may break no rule
                }
                rows.add(0, row);
            }
        }
        return rows;
    }

    private static Row row(Fleet fleet, Mode mode, Duration time) throws Exception {
        Witness truth = Witness.take(LocalClock.system());
        Fleet.Outcome outcome = fleet.run(mode, time);
        requireSteady(truth);
        return new Row(mode, outcome, truth, Verdict.of(outcome.history(), truth));
    }

    /** The server at the hub has this machine's wall clock, which must not be stepped while its time is the truth. */
    private static void requireSteady(Witness truth) throws IOException {
        Witness now = Witness.take(LocalClock.system());
        if (Math.abs(now.nanos() - truth.nanos()) > now.errorNanos() + truth.errorNanos() + 1_000) {
            throw new IOException(
                    "the wall clock of this machine was moved by " + (now.nanos() - truth.nanos()) + " ns");
        }
    }

    /** Returns the table of what happened. */
    static String table(List<Row> rows) {
        StringBuilder table = new StringBuilder("""
            | hosts | transactions | rolled back | against real order | versions broken | hand-overs | acts | acts at once | intervals without true time | wait, ms: median, 99 % | latency, ms: median, 99 % |
            |---|---|---|---|---|---|---|---|---|---|---|
            """);
        for (Row row : rows) {
            Verdict verdict = row.verdict();
            History history = verdict.history();
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %.2f, %.2f | %.2f, %.2f |%n",
                    row.mode(),
                    history.commits().size(),
                    row.outcome().refused(),
                    verdict.realOrder().size(),
                    verdict.versions().size(),
                    history.handOvers().size(),
                    history.acts().size(),
                    verdict.overlaps().size(),
                    verdict.misses().size(),
                    verdict.millis(500, History.Commit::waitNanos),
                    verdict.millis(990, History.Commit::waitNanos),
                    verdict.millis(500, History.Commit::latencyNanos),
                    verdict.millis(990, History.Commit::latencyNanos)));
        }
        return table.toString();
    }
}
