/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.daemon.config.Version;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.TimeSource;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The daemon's report on itself, a JSON object. Thread-safe. */
@Singleton
final class StatusReport {

    /** The most that a client accepts. */
    static final int MAX_BYTES = 8192;

    /** With six bytes for each character at worst, the long texts fit beside all the rest but the transports. */
    private static final int MAX_TEXT_LENGTH = 400;

    private final BoundSettings settings;
    private final TimeSource source;
    private final LocalClock local;
    private final long startNanos;
    private final Servers servers;

    private volatile @Nullable Polls polls;

    @Inject
    StatusReport(BoundSettings settings, TimeSource source, LocalClock local, Servers servers) {
        this.settings = settings;
        this.source = source;
        this.local = local;
        this.servers = servers;
        this.startNanos = local.monotonicNanos();
    }

    /** The published bound, the last poll that has an outcome, and the last poll that produced a bound. */
    private record Polls(
            ClockErrorBound current,
            PollOutcome last,
            @Nullable PollOutcome good) {}

    /** Takes note of the outcome of a poll. */
    void note(PollOutcome poll) {
        Polls before = polls;
        boolean isGood = poll.result() == Result.SYNCHRONIZED || poll.result() == Result.FREE_RUNNING;
        PollOutcome last = poll.result() == Result.PENDING && before != null ? before.last() : poll;
        polls = new Polls(poll.bound(), last, isGood ? poll : before == null ? null : before.good());
    }

    /**
     * Returns the report, at most {@link #MAX_BYTES} long.
     *
     * @param clock reads the clock that is served by a bound that it has published
     */
    String json(Function<ClockErrorBound, BoundedInstant> clock) {
        Polls seen = polls;
        BoundedInstant now = seen == null ? BoundedInstant.unbounded(ClockStatus.UNKNOWN) : clock.apply(seen.current());
        List<String> warnings = warnings(seen);
        servers.running().forEach(it -> it.server().problem().ifPresent(problem -> warnings.add(shortened(problem))));
        Map<String, Object> whole = report(seen, now, warnings);
        whole.put("transports", transports());
        String json = Json.write(whole);
        return json.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                ? Json.write(report(seen, now, warnings(seen)))
                : json;
    }

    private Map<String, Object> report(@Nullable Polls seen, BoundedInstant now, List<String> warnings) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("status", now.status().name());
        report.put("is_trusted", now.status().isTrusted());
        if (seen == null) {
            report.put("last_poll", lastPoll("PENDING", "no poll of the time source has ended yet"));
        } else {
            report.put(
                    "last_poll",
                    lastPoll(seen.last().result().name(), seen.last().detail()));
            if (now.status().isTrusted()) {
                report.put("interval", interval(now));
                report.put("bound", bound(seen.current(), seen.good()));
            }
            PollOutcome good = seen.good();
            if (good != null) {
                good.snapshot().ifPresent(snapshot -> report.put("last_reply", reply(good, snapshot)));
            }
        }
        report.put("source", source(seen));
        report.put("settings", settings(seen));
        report.put("warnings", warnings);
        report.put("version", Version.number());
        report.put("pid", ProcessHandle.current().pid());
        report.put("uptime_ns", local.monotonicNanos() - startNanos);
        return report;
    }

    private Map<String, Object> source(@Nullable Polls seen) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", shortened(source.name()));
        if (seen != null) {
            fields.put("peer", shortened(seen.last().peer()));
        }
        return fields;
    }

    private static Map<String, Object> lastPoll(String result, String detail) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("result", result);
        fields.put("detail", shortened(detail));
        return fields;
    }

    private static Map<String, Object> interval(BoundedInstant now) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("earliest_epoch_ns", now.earliestNanos());
        fields.put("latest_epoch_ns", now.latestNanos());
        return fields;
    }

    private Map<String, Object> bound(ClockErrorBound bound, @Nullable PollOutcome good) {
        long nowNanos = local.monotonicNanos();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("now_ns", bound.boundNanosAt(nowNanos));
        fields.put("symmetric_now_ns", bound.boundNanosAt(nowNanos) + Math.abs(bound.correctionNanos()));
        fields.put("correction_ns", bound.correctionNanos());
        if (good != null) {
            good.terms().ifPresent(terms -> fields.put("terms", terms(terms.byNameAt(bound, nowNanos))));
        }
        fields.put("max_drift_ppb", bound.maxDriftPpb());
        fields.put("void_in_ns", Math.max(0, bound.voidAfterNanos() - nowNanos));
        return fields;
    }

    private static Map<String, Object> terms(Map<String, Long> named) {
        Map<String, Object> fields = new LinkedHashMap<>();
        named.forEach((name, nanos) -> fields.put(name + "_ns", nanos));
        return fields;
    }

    private Map<String, Object> reply(PollOutcome poll, ClockSnapshot snapshot) {
        ReferenceId reference = snapshot.reference();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("age_ns", local.monotonicNanos() - poll.bound().asOfNanos());
        fields.put("reference_id", String.format("%08X", reference.code()));
        fields.put("reference_name", reference.toString());
        fields.put("leap", snapshot.leap().name());
        if (snapshot.basis() instanceof Measurement measurement) {
            fields.put("measured_offset_ns", measurement.offsetNanos());
            fields.put("measurement_error_ns", measurement.errorNanos());
            fields.put("measurement_age_ns", measurement.ageNanos());
            fields.put("measurement_interval_ns", measurement.pollIntervalNanos());
        }
        fields.put("correction_ns", snapshot.correctionNanos());
        fields.put("last_offset_ns", snapshot.lastOffsetNanos());
        fields.put("root_delay_ns", snapshot.rootDelayNanos());
        fields.put("root_dispersion_ns", snapshot.rootDispersionNanos());
        fields.put("frequency_ppb", snapshot.frequencyPpb());
        fields.put("residual_frequency_ppb", snapshot.residualFrequencyPpb());
        fields.put("skew_ppb", snapshot.skewPpb());
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
        return fields;
    }

    private List<String> warnings(@Nullable Polls seen) {
        List<String> warnings = new ArrayList<>();
        PollOutcome good = seen == null ? null : seen.good();
        if (good != null
                && settings.estimateAllowed()
                && good.snapshot().map(ClockSnapshot::basis).orElse(null) instanceof EstimateOnly only) {
            warnings.add("the bound rests on an estimate, which holds only while the oscillator's frequency and the"
                    + " source's references stay as they are: " + only.reason());
        }
        if (settings.localReferenceAllowed()) {
            warnings.add("a local reference is allowed: when chronyd follows nothing but its own clock, the interval"
                    + " contains that clock's time, not true time");
        }
        return warnings;
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

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH - 1) + "…";
    }
}
