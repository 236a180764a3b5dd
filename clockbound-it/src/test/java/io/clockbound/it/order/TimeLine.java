/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.Witness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A picture of transactions on a line of true time: the interval that each host knew, the timestamp at its upper end, and the wait
 * until that has passed.
 */
record TimeLine(List<String> hosts, List<History.Commit> commits, long beganNanos, Witness truth) {

    private static final long SPAN_NANOS = 100_000_000;
    private static final int MOMENTS = 500;
    private static final int MOST_OF_A_HOST = 5;
    private static final int WIDTH = 960;
    private static final int LEFT = 90;
    private static final int LANE = 16;
    private static final int TOP = 56;

    /** Chooses the moment in which most hosts did something that can be seen, around one of the widest intervals. */
    static TimeLine of(History history, Witness truth) {
        List<History.Commit> byAsked = new ArrayList<>(history.commits());
        byAsked.sort(Comparator.comparingLong(History.Commit::askedNanos));
        List<String> hosts =
                byAsked.stream().map(History.Commit::host).distinct().sorted().toList();
        return byAsked.stream()
                .filter(commit -> commit.visibleNanos() - commit.askedNanos() < SPAN_NANOS / 2)
                .sorted(Comparator.comparingLong(TimeLine::widthNanos).reversed())
                .limit(MOMENTS)
                .map(commit -> around(commit, hosts, byAsked, truth))
                .max(Comparator.comparingInt(TimeLine::score))
                .orElseThrow();
    }

    /** Hosts that are seen count more than what they do. */
    private int score() {
        return (int) commits.stream().map(History.Commit::host).distinct().count() * 1_000 + commits.size();
    }

    private static TimeLine around(
            History.Commit middle, List<String> hosts, List<History.Commit> byAsked, Witness truth) {
        long beganNanos = middle.askedNanos() - SPAN_NANOS / 2;
        List<History.Commit> inside = byAsked.stream()
                .filter(commit -> commit.askedNanos() >= beganNanos)
                .filter(commit -> commit.visibleNanos() <= beganNanos + SPAN_NANOS)
                .filter(commit -> commit.earliestNanos() - truth.nanos() >= beganNanos)
                .toList();
        List<History.Commit> shown = new ArrayList<>();
        for (String host : hosts) {
            inside.stream()
                    .filter(commit -> commit.host().equals(host))
                    .limit(MOST_OF_A_HOST)
                    .forEach(shown::add);
        }
        return new TimeLine(hosts, shown, beganNanos, truth);
    }

    private static long widthNanos(History.Commit commit) {
        return commit.latestNanos() - commit.earliestNanos();
    }

    /** Returns it as SVG. */
    String svg() {
        StringBuilder drawing = new StringBuilder();
        int y = TOP;
        for (String host : hosts) {
            drawing.append(text(4, y + LANE - 4, host));
            int top = y;
            for (History.Commit commit : commits) {
                if (commit.host().equals(host)) {
                    draw(drawing, commit, y);
                    y += LANE;
                }
            }
            y = Math.max(y, top + LANE) + LANE / 2;
            drawing.append(line(0, y - LANE / 4, WIDTH, y - LANE / 4, "#ddd", 1));
        }
        StringBuilder axis = new StringBuilder();
        for (int millis = 0; millis <= SPAN_NANOS / 1_000_000; millis += 10) {
            double x = x(beganNanos + millis * 1_000_000L);
            axis.append(line(x, TOP - 6, x, y, "#ddd", 1)).append(text(x - 12, TOP - 10, millis + " ms"));
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + y
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
                + legend() + axis + drawing + "</svg>\n";
    }

    private static String legend() {
        return bar(LEFT, 8, 40, 8, "#b9d4f0")
                + text(LEFT + 46, 17, "interval when the timestamp is asked for")
                + line(LEFT + 320, 6, LEFT + 320, 18, "#c33", 2)
                + text(LEFT + 328, 17, "timestamp")
                + line(LEFT + 410, 12, LEFT + 450, 12, "#333", 2)
                + text(LEFT + 456, 17, "until the client is told")
                + dot(LEFT + 630, 12)
                + text(LEFT + 638, 17, "true time at that moment");
    }

    private void draw(StringBuilder drawing, History.Commit commit, int y) {
        double from = x(commit.earliestNanos() - truth.nanos());
        double to = x(commit.latestNanos() - truth.nanos());
        double stamp = x(commit.timestamp().epochNanos() - truth.nanos());
        drawing.append(bar(from, y + 2, Math.max(to - from, 1), LANE - 4, "#b9d4f0"))
                .append(line(x(commit.askedNanos()), y + LANE / 2, x(commit.visibleNanos()), y + LANE / 2, "#333", 2))
                .append(dot(x(commit.askedNanos()), y + LANE / 2))
                .append(line(stamp, y + 2, stamp, y + LANE - 2, "#c33", 2));
    }

    private double x(long monotonicNanos) {
        return LEFT + (double) (monotonicNanos - beganNanos) / SPAN_NANOS * (WIDTH - LEFT - 40);
    }

    private static String bar(double x, double y, double width, double height, String colour) {
        return format(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                x, y, width, height, colour);
    }

    private static String line(double x1, double y1, double x2, double y2, String colour, int width) {
        return format(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"/>\n",
                x1, y1, x2, y2, colour, width);
    }

    private static String dot(double x, double y) {
        return format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#333\"/>\n", x, y);
    }

    private static String text(double x, double y, String text) {
        return format("<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", x, y, text);
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
