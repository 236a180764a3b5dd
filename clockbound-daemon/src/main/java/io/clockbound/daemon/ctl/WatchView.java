/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.daemon.config.DurationText;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The readings of a clock on a terminal, each in the place of the one before. */
final class WatchView {

    private static final int CHART_WIDTH = 60;
    private static final int CHANGES_SHOWN = 8;

    private final String clock;
    private final PrintWriter out;
    private final Deque<Long> halfWidthsNanos = new ArrayDeque<>();
    private final Deque<String> changes = new ArrayDeque<>();

    private @Nullable ClockStatus status;
    private int linesShown;

    /** Creates one that has shown nothing yet. */
    WatchView(String clock, PrintWriter out) {
        this.clock = clock;
        this.out = out;
    }

    /** Shows a reading made at {@code wall}, which is the wall clock's and promises nothing. */
    void show(BoundedInstant now, Instant wall) {
        boolean isTrusted = now.status().isTrusted();
        halfWidthsNanos.addLast(isTrusted ? now.halfWidthNanos() : Sparkline.GAP);
        if (halfWidthsNanos.size() > CHART_WIDTH) {
            halfWidthsNanos.removeFirst();
        }
        if (status != null && now.status() != status) {
            changes.addLast(wall.truncatedTo(ChronoUnit.SECONDS) + "  " + status + " -> " + now.status());
        }
        status = now.status();
        if (changes.size() > CHANGES_SHOWN) {
            changes.removeFirst();
        }
        List<String> lines = new ArrayList<>();
        lines.add("clock     " + clock);
        lines.add("status    " + status);
        lines.add("earliest  " + (isTrusted ? now.earliest() : "-"));
        lines.add("latest    " + (isTrusted ? now.latest() : "-"));
        lines.add("bound     " + (isTrusted ? "± " + DurationText.of(now.halfWidthNanos()) : "-"));
        lines.add("          " + Sparkline.of(halfWidthsNanos));
        lines.addAll(changes);
        draw(lines);
    }

    private void draw(List<String> lines) {
        if (linesShown > 0) {
            out.print(Terminal.up(linesShown));
        }
        out.print(Terminal.CUT_LONG_LINES); // wrapped, they would be more than are gone up next time
        lines.forEach(line -> out.println(Terminal.LINE_START + line));
        out.print(Terminal.WRAP_LONG_LINES);
        linesShown = lines.size();
        out.flush();
    }
}
