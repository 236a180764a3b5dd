/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.SourceList;
import io.clockbound.daemon.config.Version;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.Measurement;
import io.clockbound.transport.TransportServer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's metrics. The polling thread calls {@link #note}, the threads that serve scrapes call {@link #collect}; neither
 * waits for the other.
 *
 * <p>A clock that is not trusted has no error bound: the samples of the bound and of its terms are absent then, because 0 or the
 * last value would be mistaken for one.
 */
final class Metrics implements MultiCollector {

    /** Upper bounds of the histogram of half widths: 1, 2 and 5 of every decade from 1 µs to 1 s. */
    private static final double[] HALF_WIDTHS = {
        1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1
    };

    /** Upper bounds of the histogram of poll durations: a reply takes less than a millisecond, silence most of a second. */
    private static final double[] DURATIONS = {2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1, 2};

    private final LocalClock local;
    private final Function<ClockErrorBound, BoundedInstant> clock;
    private final Supplier<SourceList> sources;
    private final Supplier<Map<String, TransportServer>> servers;
    private final Counter polls;
    private final Counter transitions;
    private final Counter disruptions;
    private final Counter steps;
    private final Counter slews;
    private final Histogram halfWidths;
    private final Histogram durations;

    private volatile @Nullable Seen seen;

    Metrics(
            LocalClock local,
            Function<ClockErrorBound, BoundedInstant> clock,
            Supplier<SourceList> sources,
            Supplier<Map<String, TransportServer>> servers) {
        this.local = local;
        this.clock = clock;
        this.sources = sources;
        this.servers = servers;
        this.polls = Families.counter(Metric.POLLS, "result");
        for (PollOutcome.Result result : PollOutcome.Result.values()) {
            if (result != PollOutcome.Result.PENDING) {
                polls.initLabelValues(word(result)); // a counter that appears with its first event hides that event
            }
        }
        this.transitions = Families.counter(Metric.STATUS_TRANSITIONS, "from", "to");
        this.disruptions = Families.counter(Metric.DISRUPTIONS);
        this.steps = Families.counter(Metric.CLOCK_STEPS);
        this.slews = Families.counter(Metric.SLEWS);
        this.halfWidths = Families.histogram(Metric.ERROR_BOUND_AT_POLL, HALF_WIDTHS);
        this.durations = Families.histogram(Metric.POLL_DURATION, DURATIONS);
    }

    /** Registers everything that is exported. */
    void register(PrometheusRegistry registry) {
        List.of(polls, transitions, disruptions, steps, slews, halfWidths, durations)
                .forEach(registry::register);
        registry.register(this);
    }

    /** Takes note of what was just published. Called by the polling thread alone. */
    void note(PollOutcome outcome) {
        Seen before = seen;
        long nowNanos = local.monotonicNanos();
        seen = before == null
                ? Seen.first(outcome, nowNanos, local.epochNanos())
                : before.after(outcome, nowNanos, local.epochNanos());
        ClockStatus status = seen.status();
        ClockStatus was = before == null ? ClockStatus.UNKNOWN : before.status();
        if (before != null && before.isExpiredAt(nowNanos)) {
            countTransition(was, ClockStatus.UNKNOWN);
            was = ClockStatus.UNKNOWN;
        }
        countTransition(was, status);
        if (outcome.result() == PollOutcome.Result.PENDING) {
            return;
        }
        polls.labelValues(word(outcome.result())).inc();
        durations.observe(Metric.seconds(outcome.durationNanos()));
        boolean isStillForced = outcome.result() == PollOutcome.Result.DISRUPTION_FORCED
                && before != null
                && before.last().result() == outcome.result();
        if (outcome.result().isDisruption() && !isStillForced) {
            disruptions.inc();
        }
        if (outcome.result() == PollOutcome.Result.STEPPED) {
            steps.inc();
        }
        if (isSlew(outcome, before == null ? null : before.good())) {
            slews.inc();
        }
        if (status.isTrusted()) {
            halfWidths.observe(Metric.seconds(outcome.bound().boundNanosAt(nowNanos)));
        }
    }

    private void countTransition(ClockStatus from, ClockStatus to) {
        if (from != to) {
            transitions.labelValues(from.name(), to.name()).inc();
        }
    }

    /** Tells whether an update of the source left a correction larger than what its number is rounded by. */
    private static boolean isSlew(PollOutcome outcome, @Nullable PollOutcome before) {
        ClockSnapshot now = outcome.terms().isPresent() ? outcome.snapshot().orElse(null) : null;
        ClockSnapshot last = before == null ? null : before.snapshot().orElse(null);
        return now != null
                && last != null
                && !now.referenceTime().equals(last.referenceTime())
                && Math.abs(now.correctionNanos()) > now.correctionErrorNanos();
    }

    /** Returns what depends on the instant of the scrape, all of one reading of the clock: so the terms add up. */
    @Override
    public MetricSnapshots collect() {
        Samples all = new Samples();
        all.add(Metric.BUILD_INFO, 1, "java", Runtime.version().toString(), "version", Version.number());
        Seen now = seen;
        if (now != null) {
            addState(all, now);
        }
        addSources(all, sources.get());
        servers.get().forEach((transport, server) -> all.addServer(transport, server.counts()));
        return Families.of(all);
    }

    private void addState(Samples all, Seen now) {
        BoundedInstant reading = clock.apply(now.published());
        long nowNanos = local.monotonicNanos();
        Map<ClockStatus, Long> nanos = now.statusNanosAt(nowNanos);
        for (ClockStatus status : ClockStatus.values()) {
            all.add(Metric.STATUS, status == reading.status() ? 1 : 0, "status", status.name());
            all.add(Metric.STATUS_SECONDS, Metric.seconds(nanos.getOrDefault(status, 0L)), "status", status.name());
        }
        all.add(Metric.LAST_POLL_AGE, Metric.seconds(nowNanos - now.endedNanos()));
        if (now.referenceFailedNanos() != Seen.NEVER) {
            all.add(Metric.REFERENCE_ERROR_FAILURE, Metric.seconds(now.referenceFailedNanos()));
        }
        if (reading.status().isTrusted()) {
            addBound(all, now.published(), now.good(), nowNanos);
        }
    }

    private static void addBound(Samples all, ClockErrorBound bound, @Nullable PollOutcome good, long nowNanos) {
        long halfWidthNanos = bound.boundNanosAt(nowNanos);
        all.add(Metric.ERROR_BOUND, Metric.seconds(halfWidthNanos));
        all.add(Metric.ERROR_BOUND_SYMMETRIC, Metric.seconds(halfWidthNanos + Math.abs(bound.correctionNanos())));
        all.add(Metric.CORRECTION, Metric.seconds(bound.correctionNanos()));
        all.add(Metric.DRIFT_RATE, Metric.ppm(bound.maxDriftPpb()));
        if (good == null) {
            return;
        }
        good.terms()
                .ifPresent(terms -> terms.byNameAt(bound, nowNanos)
                        .forEach((name, nanos) ->
                                all.add(Metric.ERROR_BOUND_COMPONENT, Metric.seconds(nanos), "component", name)));
        if (good.snapshot().map(ClockSnapshot::basis).orElse(null) instanceof Measurement measurement) {
            long sinceNanos = nowNanos - good.bound().asOfNanos();
            all.add(Metric.MEASUREMENT_AGE, Metric.seconds(measurement.ageNanos() + sinceNanos));
            all.add(Metric.MEASUREMENT_ERROR, Metric.seconds(measurement.errorNanos()));
        }
    }

    /** Adds what the time source tells of its sources; nothing where it does not. */
    private void addSources(Samples all, SourceList sources) {
        if (local.monotonicNanos() - sources.askedNanos() > Metric.SOURCES_NANOS) {
            return;
        }
        sources.followed().ifPresent(followed -> all.add(Metric.STRATUM, followed.stratum() + 1));
        if (!sources.sources().isEmpty()) {
            all.add(Metric.SOURCES, sources.heard(), "state", "heard");
            all.add(Metric.SOURCES, sources.sources().size() - sources.heard(), "state", "silent");
        }
    }

    private static String word(PollOutcome.Result result) {
        return result.name().toLowerCase(Locale.ROOT);
    }
}
