/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.SourceList;
import io.clockbound.daemon.config.Version;
import io.clockbound.daemon.log.StandardOutput;
import io.clockbound.socket.NativeSockets;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.TimeSource;
import io.clockbound.transport.Transport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The daemon's report on itself, a JSON object. Thread-safe. */
@Singleton
final class StatusReport {

    private static final String NEVER_POLLED = "no poll of the time source has ended yet";

    /** What is left out when the report is longer than a response may be, one after another until it fits. */
    private static final List<String> OMITTED_FIRST =
            List.of("transports", "changes", "sources", "warnings", "last_reply", "settings");

    /** With six bytes for each character at worst, the texts that are never left out fit. */
    private static final int MAX_TEXT_LENGTH = 400;

    private static final int CHANGES_LISTED = 10;

    private final BoundSettings settings;
    private final TimeSource source;
    private final LocalClock local;
    private final Servers servers;
    private final History history;
    private final Warnings warnings;

    private volatile @Nullable Polls polls;

    @Inject
    StatusReport(
            BoundSettings settings,
            TimeSource source,
            LocalClock local,
            Servers servers,
            History history,
            Warnings warnings) {
        this.settings = settings;
        this.source = source;
        this.local = local;
        this.servers = servers;
        this.history = history;
        this.warnings = warnings;
    }

    /**
     * What the polls have shown.
     *
     * @param current the published bound
     * @param last the last poll that has an outcome
     * @param endedNanos monotonic time when it ended
     * @param good the last poll that produced a bound
     */
    private record Polls(
            ClockErrorBound current,
            PollOutcome last,
            long endedNanos,
            @Nullable PollOutcome good) {

        /** Returns the monotonic time after which there is no trust unless a poll is synchronised before. */
        long trustEndNanos() {
            return last.result() == Result.FREE_RUNNING ? last.trustEndNanos() : current.voidAfterNanos();
        }
    }

    /** Takes note of the outcome of a poll. */
    void note(PollOutcome poll) {
        Polls before = polls;
        boolean isGood = poll.result() == Result.SYNCHRONIZED || poll.result() == Result.FREE_RUNNING;
        PollOutcome good = isGood ? poll : before == null ? null : before.good();
        polls = poll.result() == Result.PENDING && before != null
                ? new Polls(poll.bound(), before.last(), before.endedNanos(), good)
                : new Polls(poll.bound(), poll, local.monotonicNanos(), good);
    }

    /**
     * Returns the report, at most {@link Transport#MAX_STATUS_BYTES} long.
     *
     * @param clock reads the clock that is served by a bound that it has published
     * @param sources what the time source said of its sources
     */
    String json(Function<ClockErrorBound, BoundedInstant> clock, SourceList sources) {
        Map<String, Object> report = report(polls, clock, sources);
        String json = Json.write(report);
        List<String> omitted = new ArrayList<>();
        for (String member : OMITTED_FIRST) {
            if (json.getBytes(StandardCharsets.UTF_8).length <= Transport.MAX_STATUS_BYTES) {
                break;
            }
            report.remove(member);
            omitted.add(member);
            report.put("left_out", omitted);
            json = Json.write(report);
        }
        return json;
    }

    private Map<String, Object> report(
            @Nullable Polls seen, Function<ClockErrorBound, BoundedInstant> clock, SourceList sources) {
        Map<String, Object> report = new LinkedHashMap<>();
        BoundedInstant now = seen == null ? BoundedInstant.unbounded(ClockStatus.UNKNOWN) : clock.apply(seen.current());
        report.put("status", now.status().name());
        report.put("is_trusted", now.status().isTrusted());
        addSince(report, now.status(), seen == null ? ClockErrorBound.unknown() : seen.current());
        if (seen == null) {
            report.put("why", NEVER_POLLED);
            report.put("last_poll", Map.of("result", "PENDING", "detail", NEVER_POLLED));
        } else {
            report.put(
                    "why",
                    shortened(Why.of(now.status(), seen.current().status(), seen.last(), history.lastOfStatus())));
            report.put("last_poll", lastPoll(seen));
            if (now.status().isTrusted()) {
                report.put("interval", BoundMembers.interval(now));
                report.put("bound", BoundMembers.bound(seen.current(), seen.good(), seen.trustEndNanos(), local));
            }
            PollOutcome good = seen.good();
            if (good != null) {
                good.snapshot()
                        .ifPresent(snapshot -> report.put(
                                "last_reply", BoundMembers.reply(good, snapshot, sources, local.monotonicNanos())));
            }
        }
        report.put("source", source(seen, sources));
        report.put("sources", SourceMembers.of(sources, local.monotonicNanos(), driftPpb(seen)));
        report.put("changes", changes(sources));
        report.put("settings", settings(seen));
        report.put("warnings", warnings(seen));
        report.put("version", Version.number());
        report.put("java", Runtime.version().toString());
        report.put("native", nativeSockets());
        report.put("pid", ProcessHandle.current().pid());
        report.put("uptime_ns", local.monotonicNanos() - history.startNanos());
        report.put("transports", transports());
        return report;
    }

    private void addSince(Map<String, Object> report, ClockStatus status, ClockErrorBound current) {
        Optional<Change.OfStatus> change = history.lastOfStatus();
        ClockStatus published = change.map(Change.OfStatus::to).orElse(ClockStatus.UNKNOWN);
        long nowNanos = local.monotonicNanos();
        long beganNanos = published == status
                ? change.map(Change::atNanos).orElse(history.startNanos())
                : beganWithoutPoll(status, current, nowNanos);
        report.put("since_epoch_ns", local.epochNanos() - (nowNanos - beganNanos));
        report.put("lasted_ns", nowNanos - beganNanos);
    }

    /** Returns the monotonic time when a bound took on a status with which it was not published. */
    private static long beganWithoutPoll(ClockStatus status, ClockErrorBound current, long nowNanos) {
        long beganNanos = switch (status) {
            case FREE_RUNNING -> current.asOfNanos() + ClockErrorBound.GRACE_NANOS;
            case UNKNOWN -> current.voidAfterNanos();
            case SYNCHRONIZED, DISRUPTED -> nowNanos; // this reading is the first to see it
        };
        return beganNanos - nowNanos < 0 ? beganNanos : nowNanos;
    }

    private List<Map<String, Object>> changes(SourceList sources) {
        List<Map<String, Object>> all = HistoryReport.changes(history.changes(), local.monotonicNanos(), sources);
        return all.subList(Math.max(0, all.size() - CHANGES_LISTED), all.size());
    }

    private static int driftPpb(@Nullable Polls seen) {
        PollOutcome good = seen == null ? null : seen.good();
        return good == null ? 0 : good.bound().maxDriftPpb();
    }

    private Map<String, Object> source(@Nullable Polls seen, SourceList sources) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", shortened(source.name()));
        if (seen != null) {
            fields.put("peer", shortened(seen.last().peer()));
        }
        sources.followed().ifPresent(followed -> {
            fields.put("follows", followed.name());
            fields.put("stratum", followed.stratum() + 1);
        });
        return fields;
    }

    private Map<String, Object> lastPoll(Polls seen) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("result", seen.last().result().name());
        fields.put("detail", shortened(seen.last().detail()));
        fields.put("age_ns", local.monotonicNanos() - seen.endedNanos());
        fields.put("duration_ns", seen.last().durationNanos());
        return fields;
    }

    private Map<String, Object> settings(@Nullable Polls seen) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("max_clock_error_ppb", settings.maxClockErrorPpb());
        fields.put("poll_interval_ns", settings.pollInterval().toNanos());
        fields.put("holdover_ns", settings.holdover().toNanos());
        fields.put("is_local_reference_allowed", settings.localReferenceAllowed());
        fields.put("is_estimate_allowed", settings.estimateAllowed());
        fields.put("is_vmclock_watched", seen != null && seen.current().vmClock() != null);
        fields.put("clock", settings.discipline().name().toLowerCase(Locale.ROOT));
        settings.maxSlewRatePpb().ifPresent(ppb -> fields.put("max_slew_rate_ppb", ppb));
        if (!settings.referenceErrors().isEmpty()) {
            fields.put("reference_errors", referenceErrors());
        }
        return fields;
    }

    private List<Map<String, Object>> referenceErrors() {
        Map<String, Long> byName = new TreeMap<>();
        settings.referenceErrors().forEach((reference, error) -> byName.put(reference.toString(), error.toNanos()));
        List<Map<String, Object>> all = new ArrayList<>();
        byName.forEach((name, nanos) -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("reference", name);
            fields.put("error_ns", nanos);
            all.add(fields);
        });
        return all;
    }

    private List<String> warnings(@Nullable Polls seen) {
        List<String> all = new ArrayList<>();
        warnings.all().forEach(warning -> all.add(shortened(warning)));
        StandardOutput.problem().ifPresent(all::add);
        PollOutcome good = seen == null ? null : seen.good();
        if (good != null
                && settings.estimateAllowed()
                && good.snapshot().map(ClockSnapshot::basis).orElse(null) instanceof EstimateOnly only) {
            all.add("the bound rests on an estimate, which holds only while the oscillator's frequency and the"
                    + " source's references stay as they are: " + only.reason());
        }
        if (good != null
                && good.snapshot()
                        .filter(reply -> reply.reference().equals(ReferenceId.LOCAL))
                        .isPresent()) {
            all.add(Warnings.OWN_CLOCK);
        }
        servers.running().forEach(it -> it.server().problems().forEach(problem -> all.add(shortened(problem))));
        return all;
    }

    private Map<String, Object> transports() {
        Map<String, Object> byName = new LinkedHashMap<>();
        servers.running().forEach(served -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("address", shortened(served.server().address()));
            fields.putAll(served.server().counts());
            byName.put(shortened(served.transport()), fields);
        });
        return byName;
    }

    private static String nativeSockets() {
        try {
            return NativeSockets.chosen().name();
        } catch (IOException e) {
            return "none"; // whoever needs it says why
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH - 1) + "…";
    }
}
