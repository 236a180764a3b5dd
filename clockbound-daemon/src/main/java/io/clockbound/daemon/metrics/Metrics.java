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
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

    private static final double PPB_PER_PPM = 1e3;

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
        this.polls = counter("clockbound_polls_total", "Polls of the time source, by result.", "result");
        for (PollOutcome.Result result : PollOutcome.Result.values()) {
            if (result != PollOutcome.Result.PENDING) {
                polls.initLabelValues(word(result)); // a counter that appears with its first event hides that event
            }
        }
        this.transitions =
                counter("clockbound_status_transitions_total", "Changes of the published status.", "from", "to");
        this.disruptions = counter(
                "clockbound_disruptions_total", "Disruptions of the clock: steps, moves of the machine, forced ones.");
        this.steps = counter("clockbound_clock_steps_total", "Steps of the wall clock.");
        this.slews = counter(
                "clockbound_slews_total", "Updates of the time source that left a correction to slew the clock by.");
        this.halfWidths = Histogram.builder()
                .name("clockbound_error_bound_at_poll_seconds")
                .help("Half width of the interval when it was published, while trusted.")
                .classicUpperBounds(HALF_WIDTHS)
                .build();
        this.durations = Histogram.builder()
                .name("clockbound_poll_duration_seconds")
                .help("How long polls of the time source took.")
                .classicUpperBounds(DURATIONS)
                .build();
    }

    private static Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).build();
    }

    /** Registers everything that is exported. */
    void register(PrometheusRegistry registry) {
        List.of(polls, transitions, disruptions, steps, slews, halfWidths, durations)
                .forEach(registry::register);
        Info build = Info.builder()
                .name("clockbound_build_info")
                .help("The version of the daemon and of its Java runtime.")
                .labelNames("version", "java")
                .register(registry);
        build.setLabelValues(Version.number(), Runtime.version().toString());
        registry.register(this);
    }

    /** Takes note of what was just published. Called by the polling thread alone. */
    void note(PollOutcome outcome) {
        Seen before = seen;
        long nowNanos = local.monotonicNanos();
        ClockStatus status = outcome.bound().status();
        seen = before == null
                ? Seen.first(outcome, nowNanos, local.epochNanos())
                : before.after(outcome, nowNanos, local.epochNanos());
        ClockStatus was = before == null ? ClockStatus.UNKNOWN : before.status();
        if (was != status) {
            transitions.labelValues(was.name(), status.name()).inc();
        }
        if (outcome.result() == PollOutcome.Result.PENDING) {
            return;
        }
        polls.labelValues(word(outcome.result())).inc();
        durations.observe(Families.seconds(outcome.durationNanos()));
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
            halfWidths.observe(Families.seconds(outcome.bound().boundNanosAt(nowNanos)));
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
        List<MetricSnapshot> all = new ArrayList<>();
        Seen now = seen;
        if (now != null) {
            addState(all, now);
        }
        SourceFamilies.add(all, sources.get());
        ServerFamilies.add(all, servers.get());
        return new MetricSnapshots(all);
    }

    private void addState(List<MetricSnapshot> all, Seen now) {
        BoundedInstant reading = clock.apply(now.published());
        long nowNanos = local.monotonicNanos();
        Map<String, Double> statuses = new LinkedHashMap<>();
        Map<String, Double> seconds = new LinkedHashMap<>();
        Map<ClockStatus, Long> nanos = now.statusNanosAt(nowNanos);
        for (ClockStatus status : ClockStatus.values()) {
            statuses.put(status.name(), status == reading.status() ? 1.0 : 0.0);
            seconds.put(status.name(), Families.seconds(nanos.getOrDefault(status, 0L)));
        }
        all.add(Families.gauges(
                "clockbound_status", "1 for the present status, 0 for the others.", "status", statuses));
        all.add(Families.counters("clockbound_status_seconds_total", "Time spent in each status.", "status", seconds));
        all.add(Families.gauge(
                "clockbound_last_poll_age_seconds",
                "Time since the last poll ended.",
                Families.seconds(nowNanos - now.endedNanos())));
        if (now.referenceFailedNanos() != Seen.NEVER) {
            all.add(Families.gauge(
                    "clockbound_reference_error_failure_timestamp_seconds",
                    "When the error of the reference clock could not be read last, by the wall clock.",
                    Families.seconds(now.referenceFailedNanos())));
        }
        if (reading.status().isTrusted()) {
            addBound(all, now.published(), now.good(), nowNanos);
        }
    }

    private static void addBound(
            List<MetricSnapshot> all, ClockErrorBound bound, @Nullable PollOutcome good, long nowNanos) {
        long halfWidthNanos = bound.boundNanosAt(nowNanos);
        all.add(Families.gauge(
                "clockbound_error_bound_seconds", "Half width of the interval.", Families.seconds(halfWidthNanos)));
        all.add(Families.gauge(
                "clockbound_error_bound_symmetric_seconds",
                "Half width around the wall clock, which clients of AWS's formats get.",
                Families.seconds(halfWidthNanos + Math.abs(bound.correctionNanos()))));
        all.add(Families.gauge(
                "clockbound_correction_seconds",
                "What must be added to the wall clock to reach the middle of the interval.",
                Families.seconds(bound.correctionNanos())));
        all.add(Families.gauge(
                "clockbound_drift_rate_ppm", "How fast the bound grows.", bound.maxDriftPpb() / PPB_PER_PPM));
        if (good == null) {
            return;
        }
        good.terms().ifPresent(terms -> {
            Map<String, Double> components = new LinkedHashMap<>();
            terms.byNameAt(bound, nowNanos).forEach((name, nanos) -> components.put(name, Families.seconds(nanos)));
            all.add(Families.gauges(
                    "clockbound_error_bound_component_seconds",
                    "The terms of the error bound, which add up to it.",
                    "component",
                    components));
        });
        if (good.snapshot().map(ClockSnapshot::basis).orElse(null) instanceof Measurement measurement) {
            long sinceNanos = nowNanos - good.bound().asOfNanos();
            all.add(Families.gauge(
                    "clockbound_measurement_age_seconds",
                    "Time since the newest measurement of the reference, at the most.",
                    Families.seconds(measurement.ageNanos() + sinceNanos)));
            all.add(Families.gauge(
                    "clockbound_measurement_error_seconds",
                    "Error of that measurement when it was made.",
                    Families.seconds(measurement.errorNanos())));
        }
    }

    private static String word(PollOutcome.Result result) {
        return result.name().toLowerCase(Locale.ROOT);
    }
}
