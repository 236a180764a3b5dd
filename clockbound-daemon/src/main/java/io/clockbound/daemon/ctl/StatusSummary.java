/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.config.DurationText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What an operator wants to know first of a daemon's status, and the same in whole sentences. */
final class StatusSummary {

    private StatusSummary() {}

    /** Returns a few lines: whether the clock is trusted and why, the half width as a sum, the source. */
    static List<String> lines(Report status) {
        List<String> lines = new ArrayList<>();
        lines.add((status.is("is_trusted") ? "trusted: " : "NOT TRUSTED: ") + status.text("status") + since(status));
        lines.add("because  " + why(status));
        if (status.has("bound")) {
            lines.add("bound    ± " + DurationText.of(status.object("bound").number("now_ns")) + "  "
                    + Formula.line(status.object("bound")));
        }
        lines.add("source   " + source(status));
        status.list("warnings").forEach(warning -> lines.add("warning  " + warning));
        return lines;
    }

    private static String since(Report status) {
        return status.has("since_ns")
                ? " for " + Elapsed.of(status.number("since_ns")) + ", since " + second(status.number("since_epoch_ns"))
                : "";
    }

    /** Returns why the status is what it is now. */
    static String why(Report status) {
        return status.has("why")
                ? status.text("why")
                : status.object("last_poll").text("detail");
    }

    private static String source(Report status) {
        Report source = status.object("source");
        Report sources = status.object("sources");
        String followed = source.has("follows")
                ? source.text("follows") + ", which makes this clock stratum " + source.number("stratum")
                : "not known";
        String heard = sources.number("known") == 0
                ? ""
                : "; " + sources.number("heard") + " of " + sources.number("known") + " sources heard";
        return followed + heard + "; asked: " + source.text("name") + " at " + source.text("peer");
    }

    /** Returns the same in whole sentences, with what each number means and what to do. */
    static List<String> sentences(Report status) {
        List<String> lines = new ArrayList<>();
        Report bound = status.object("bound");
        if (status.is("is_trusted")) {
            lines.add("The clock is trusted: true time lies between " + instant(status, "earliest_epoch_ns") + " and "
                    + instant(status, "latest_epoch_ns") + ".");
        } else {
            lines.add("The clock is not trusted, and no interval is given.");
        }
        lines.add("Its status is " + status.text("status") + since(status) + ": " + why(status) + ".");
        if (status.has("bound")) {
            lines.add("Half the width of the interval is " + DurationText.of(bound.number("now_ns"))
                    + ". It is the sum of these terms:");
            lines.addAll(Formula.explained(bound));
            lines.add("It grows by " + bound.number("max_drift_ppb") / 1_000
                    + " µs each second until a poll renews it, and is void in "
                    + DurationText.of(bound.number("void_in_ns")) + " if none does.");
            lines.add("The middle of the interval is " + DurationText.of(bound.number("correction_ns"))
                    + " from the wall clock.");
        }
        lines.add("The source is " + source(status) + ".");
        for (Report source : status.object("sources").objects("list")) {
            lines.add(sentence(source));
        }
        Report poll = status.object("last_poll");
        if (poll.has("age_ns")) {
            lines.add("The last poll ended " + Elapsed.of(poll.number("age_ns")) + " ago, took "
                    + DurationText.of(poll.number("duration_ns")) + " and found " + poll.text("result") + ".");
        }
        for (Report change : status.objects("changes")) {
            lines.add("At " + second(change.number("at_epoch_ns")) + " the " + change.text("what") + " changed from "
                    + change.text("from") + " to " + change.text("to") + ", for "
                    + Elapsed.of(change.number("lasted_ns")) + ": " + change.text("why") + ".");
        }
        status.list("warnings").forEach(warning -> lines.add("Be warned: " + warning + "."));
        return lines;
    }

    private static String sentence(Report source) {
        String name = "  " + source.text("name") + " (" + source.text("role") + ", stratum " + source.number("stratum")
                + ") answered " + source.number("answered") + " of the last 8 requests at most";
        return source.has("offset_ns")
                ? name + "; what it told puts true time at the wall clock " + signed(source.number("offset_ns")) + " ± "
                        + DurationText.of(source.number("error_ns")) + "."
                : name + "; there is no measurement of it.";
    }

    static String signed(long nanos) {
        return (nanos < 0 ? "- " : "+ ") + DurationText.of(Math.abs(nanos));
    }

    private static String instant(Report status, String end) {
        return Instant.ofEpochSecond(0, status.object("interval").number(end)).toString();
    }

    static String second(long epochNanos) {
        return Instant.ofEpochSecond(0, epochNanos)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
