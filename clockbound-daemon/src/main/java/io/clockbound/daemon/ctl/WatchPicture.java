/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.daemon.config.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** What is seen of a clock: its reading, the bound over time, its terms, its sources, and what changed. For one thread. */
final class WatchPicture {

    /** More columns than terminals have. */
    private static final int MAX_READINGS = 1_000;

    private static final int MIN_CHART_ROWS = 4;
    private static final int BAR_COLUMNS = 20;
    private static final int MAX_REASON_ROWS = 4;

    private final String clock;
    private final Duration interval;
    private final Deque<Long> halfWidths = new ArrayDeque<>();
    private BoundedInstant now = BoundedInstant.unbounded(ClockStatus.UNKNOWN);
    private Instant wall = Instant.EPOCH;
    private Report status = new Report(Map.of());
    private String statusFailure = "";

    /**
     * Creates one without readings.
     *
     * @param clock where they come from
     * @param interval time between two
     */
    WatchPicture(String clock, Duration interval) {
        this.clock = clock;
        this.interval = interval;
    }

    /**
     * Takes note of a reading.
     *
     * @param atWall the wall clock, which promises nothing
     */
    void note(BoundedInstant reading, Instant atWall) {
        now = reading;
        wall = atWall;
        halfWidths.addLast(reading.status().isTrusted() ? reading.halfWidthNanos() : Chart.GAP);
        if (halfWidths.size() > MAX_READINGS) {
            halfWidths.removeFirst();
        }
    }

    /** Takes note of what the daemon reported of itself. */
    void note(Report report) {
        status = report;
        statusFailure = "";
    }

    /** Takes note of why the daemon did not report. */
    void noteFailure(String why) {
        status = new Report(Map.of());
        statusFailure = why;
    }

    /** Returns its lines, at most as many and as long as that. */
    List<String> lines(int columns, int rows) {
        List<String> lines = new ArrayList<>(head(columns));
        List<List<String>> sections = sections();
        int left = rows - lines.size() - 2; // the time axis and the keys
        int chartRows = Math.max(MIN_CHART_ROWS, left * 2 / 5);
        List<List<String>> shown = share(sections, left - chartRows);
        int used = shown.stream().mapToInt(List::size).sum();
        lines.addAll(Chart.of(List.copyOf(halfWidths), columns, Math.max(1, left - used)));
        lines.add(axis(columns));
        shown.forEach(lines::addAll);
        lines.add("q ends");
        return lines.stream()
                .limit(rows)
                .map(line -> line.length() <= columns ? line : line.substring(0, columns - 1) + "…")
                .toList();
    }

    private List<String> head(int columns) {
        boolean isTrusted = now.status().isTrusted();
        // a response of a socket does not tell UNKNOWN from DISRUPTED
        boolean isToldWhich = !isTrusted && status.has("status") && !status.is("is_trusted");
        String shown = isToldWhich ? status.text("status") : now.status().name();
        String since = status.text("status").equals(shown) ? " for " + Elapsed.of(status.number("lasted_ns")) : "";
        String bound = isTrusted ? "   ± " + DurationText.of(now.halfWidthNanos()) : "   no bound";
        List<String> lines = new ArrayList<>();
        lines.add(wall.truncatedTo(ChronoUnit.SECONDS) + "   " + clock);
        lines.add(shown + since + bound);
        lines.addAll(folded(
                "because   ", statusFailure.isEmpty() ? status.text("why") : "not known: " + statusFailure, columns));
        if (now.status() == ClockStatus.FREE_RUNNING) {
            StatusSummary.end(status).ifPresent(end -> lines.add("ends      " + end));
        }
        lines.add("earliest  " + (isTrusted ? now.earliest() : "-"));
        lines.add("latest    " + (isTrusted ? now.latest() : "-"));
        return lines;
    }

    /** Returns a text in lines that fit, because the remedy is at its end; in as many as there may be. */
    private static List<String> folded(String title, String text, int columns) {
        List<String> lines = new ArrayList<>();
        String line = title + text;
        while (line.length() > columns && lines.size() < MAX_REASON_ROWS - 1) {
            int space = line.lastIndexOf(' ', columns);
            if (space <= title.length()) {
                break; // a word longer than a line
            }
            lines.add(line.substring(0, space));
            line = " ".repeat(title.length()) + line.substring(space + 1);
        }
        lines.add(line);
        return lines;
    }

    private String axis(int columns) {
        int capacity = Chart.capacity(columns);
        String from = "─ " + Elapsed.of(interval.toNanos() * capacity) + " ago ";
        String to = " now";
        int line = capacity - from.length() - to.length();
        return " ".repeat(Chart.LABEL_COLUMNS - 1) + "└"
                + (line < 0 ? "─".repeat(capacity) : from + "─".repeat(line) + to);
    }

    private List<List<String>> sections() {
        List<List<String>> sections = new ArrayList<>();
        sections.add(terms());
        Report sources = status.object("sources");
        sections.add(titled(
                "sources: " + sources.number("heard") + " of " + sources.number("known") + " "
                        + StatusSummary.heard(status),
                sources.objects("list").stream().map(WatchPicture::source).toList()));
        List<String> changes = new ArrayList<>();
        List<Report> all = status.objects("changes");
        for (int i = all.size() - 1; i >= 0; i--) {
            changes.add(change(all.get(i)));
        }
        sections.add(titled("changes, the latest first", changes));
        sections.removeIf(List::isEmpty);
        return sections;
    }

    private List<String> terms() {
        long whole = Math.max(1, status.object("bound").number("now_ns"));
        List<String> rows = Formula.terms(status.object("bound")).stream()
                .sorted(Comparator.comparingLong((Formula.Term term) -> Math.abs(term.nanos()))
                        .reversed())
                .map(term -> String.format(
                        "  %-12s %9s  %s",
                        term.name(), DurationText.of(term.nanos()), "▇".repeat((int)
                                        Math.min(BAR_COLUMNS, Math.abs(term.nanos()) * BAR_COLUMNS / whole))))
                .toList();
        return titled("the bound is the sum of", rows);
    }

    private static List<String> titled(String title, List<String> rows) {
        List<String> lines = new ArrayList<>();
        if (!rows.isEmpty()) {
            lines.add(title);
            lines.addAll(rows);
        }
        return lines;
    }

    private static String source(Report source) {
        String offset = source.has("offset_ns")
                ? "clock " + StatusSummary.signed(source.number("offset_ns")) + " ± "
                        + DurationText.of(source.number("error_ns"))
                : "not measured";
        return String.format(
                "  %-17s %-11s stratum %-2d heard %d/8  %s",
                source.text("name"), source.text("role"), source.number("stratum"), source.number("answered"), offset);
    }

    private static String change(Report change) {
        return "  " + StatusSummary.second(change.number("at_epoch_ns")) + "  " + change.text("to") + " for "
                + Elapsed.of(change.number("lasted_ns")) + ": " + change.text("why");
    }

    /** Gives each section rows in turn, two at first, until none are left. */
    private static List<List<String>> share(List<List<String>> sections, int rows) {
        int[] given = new int[sections.size()];
        int left = rows;
        boolean isAnyGiven = true;
        while (left > 0 && isAnyGiven) {
            isAnyGiven = false;
            for (int i = 0; i < given.length; i++) {
                int more = given[i] == 0 ? 2 : 1; // a title alone says nothing
                if (given[i] + more <= sections.get(i).size() && more <= left) {
                    given[i] += more;
                    left -= more;
                    isAnyGiven = true;
                }
            }
        }
        List<List<String>> shown = new ArrayList<>();
        for (int i = 0; i < given.length; i++) {
            shown.add(sections.get(i).subList(0, given[i]));
        }
        return shown;
    }
}
