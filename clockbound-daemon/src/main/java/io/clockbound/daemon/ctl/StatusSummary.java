/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.Sentence;
import io.clockbound.daemon.config.DurationText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an operator wants to know first of a daemon's status, and the same in whole sentences. */
final class StatusSummary {

    /** Twice what passes between two questions for the sources. */
    private static final long OLD_NANOS = 20_000_000_000L;

    /** The results of polls that may have had no reply. */
    private static final Set<String> SILENT = Set.of("NO_ANSWER", "FAILED");

    private StatusSummary() {}

    /** Returns a few lines: whether the clock is trusted and why, the half width as a sum, the source. */
    static List<String> lines(Report status) {
        List<String> lines = new ArrayList<>();
        lines.add((status.is("is_trusted") ? "trusted: " : "NOT TRUSTED: ") + status.text("status") + since(status));
        if (!why(status).isEmpty()) {
            lines.add("because  " + why(status));
        }
        if (status.has("bound")) {
            lines.add("bound    ± " + DurationText.of(status.object("bound").number("now_ns")) + "  "
                    + Formula.line(status.object("bound")));
        }
        end(status).ifPresent(end -> lines.add("ends     " + end));
        if (status.has("source")) {
            lines.add("source   " + source(status));
        }
        status.list("warnings").forEach(warning -> lines.add("warning  " + warning));
        return lines;
    }

    /** Returns when the trust ends of a clock that runs free, never too late; empty for others, and where it is not told. */
    static Optional<String> end(Report status) {
        Report bound = status.object("bound");
        return status.text("status").equals("FREE_RUNNING") && bound.has("trust_ends_in_ns")
                ? Optional.of("by " + second(bound.number("trust_ends_epoch_ns")) + ", in "
                        + Elapsed.left(bound.number("trust_ends_in_ns")) + ", unless synchronised again")
                : Optional.empty();
    }

    private static String since(Report status) {
        return status.has("lasted_ns")
                ? " for " + Elapsed.of(status.number("lasted_ns")) + ", since "
                        + second(status.number("since_epoch_ns"))
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
        String asked = "; asked: " + source.text("name") + " at " + source.text("peer");
        if (sources.number("known") == 0) {
            return followed(source, "not known") + asked;
        }
        String heard = "; " + sources.number("heard") + " of " + sources.number("known") + " sources " + heard(status);
        return followed(source, "none followed") + heard + asked;
    }

    private static String followed(Report source, String none) {
        return source.has("follows")
                ? source.text("follows") + ", which makes this clock stratum " + source.number("stratum")
                : none;
    }

    /** Returns that sources were heard; when, if the time source is silent, or has not told that for so long. */
    static String heard(Report status) {
        long ageNanos = status.object("sources").number("age_ns");
        boolean isSilent = SILENT.contains(status.object("last_poll").text("result"));
        return isSilent || ageNanos > OLD_NANOS ? "heard " + Elapsed.of(ageNanos) + " ago" : "heard";
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
        String why = why(status).isEmpty() ? "" : ": " + why(status);
        lines.add(Sentence.of("Its status is " + status.text("status") + since(status) + why));
        if (status.has("bound")) {
            lines.add("Half the width of the interval is " + DurationText.of(bound.number("now_ns"))
                    + ". It is the sum of these terms:");
            lines.addAll(Formula.explained(bound));
            lines.add("It grows by " + DurationText.of(bound.number("max_drift_ppb"))
                    + " each second until a poll renews it, and is void in "
                    + Elapsed.left(bound.number("void_in_ns")) + " if none does.");
            end(status).ifPresent(end -> lines.add("The trust ends " + end + "."));
            lines.add("The middle of the interval is " + DurationText.of(bound.number("correction_ns"))
                    + " from the wall clock.");
        }
        if (status.has("source")) {
            lines.add("Source: " + source(status) + ".");
        }
        for (Report source : status.object("sources").objects("list")) {
            lines.add(sentence(source));
        }
        Report poll = status.object("last_poll");
        if (poll.has("age_ns")) {
            lines.add("The last poll ended " + Elapsed.of(poll.number("age_ns")) + " ago, took "
                    + DurationText.of(poll.number("duration_ns")) + " and found " + poll.text("result") + ".");
        }
        for (Report change : status.objects("changes")) {
            String changed = change.text("what").equals("reason")
                    ? "reason for " + change.text("to") + " changed"
                    : change.text("what") + " changed from " + change.text("from") + " to " + change.text("to");
            lines.add(Sentence.of("At " + second(change.number("at_epoch_ns")) + " the " + changed + ", for "
                    + Elapsed.of(change.number("lasted_ns")) + ": " + change.text("why")));
        }
        status.list("warnings").forEach(warning -> lines.add(Sentence.of("Be warned: " + warning)));
        return lines;
    }

    private static String sentence(Report source) {
        String name = "  " + source.text("name") + " (" + source.text("role") + ", stratum " + source.number("stratum")
                + ") answered " + source.number("answered") + " of its last requests, of which chronyd counts up to 8";
        return source.has("offset_ns")
                ? name + "; what it told puts true time at the wall clock " + signed(source.number("offset_ns")) + " ± "
                        + DurationText.of(source.number("error_ns")) + "."
                : name + "; there is no measurement of it.";
    }

    static String signed(long nanos) {
        return (nanos < 0 ? "- " : "+ ") + DurationText.of(Math.abs(nanos));
    }

    private static String instant(Report status, String end) {
        Report interval = status.has("interval") ? status.object("interval") : status; // of a segment alone
        return Instant.ofEpochSecond(0, interval.number(end)).toString();
    }

    static String second(long epochNanos) {
        return Instant.ofEpochSecond(0, epochNanos)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
