/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import java.util.Locale;

/** The metrics: the one place for their names and help texts, whoever writes them. */
public enum Metric {
    UP("up", Type.GAUGE, "Whether the daemon answered when this was written: 1 if it did, else 0."),
    BUILD_INFO("build_info", Type.GAUGE, "The version of the daemon and of its Java runtime."),
    STATUS("status", Type.GAUGE, "1 for the present status, 0 for the others."),
    STATUS_SECONDS("status_seconds_total", Type.COUNTER, "Time spent in each status."),
    STATUS_TRANSITIONS("status_transitions_total", Type.COUNTER, "Changes of the published status."),
    ERROR_BOUND("error_bound_seconds", Type.GAUGE, "Half width of the interval."),
    ERROR_BOUND_COMPONENT(
            "error_bound_component_seconds", Type.GAUGE, "The terms of the error bound, which add up to it."),
    ERROR_BOUND_SYMMETRIC(
            "error_bound_symmetric_seconds",
            Type.GAUGE,
            "Half width around the wall clock, which clients of AWS's formats get."),
    ERROR_BOUND_AT_POLL(
            "error_bound_at_poll_seconds",
            Type.HISTOGRAM,
            "Half width of the interval when it was published, while trusted."),
    CORRECTION(
            "correction_seconds",
            Type.GAUGE,
            "What must be added to the wall clock to reach the middle of the interval."),
    DRIFT_RATE("drift_rate_ppm", Type.GAUGE, "How fast the bound grows."),
    MEASUREMENT_AGE(
            "measurement_age_seconds", Type.GAUGE, "Time since the newest measurement of the reference, at the most."),
    MEASUREMENT_ERROR(
            "measurement_error_seconds",
            Type.GAUGE,
            "Error of the newest measurement of the reference, when it was made."),
    LAST_POLL_AGE("last_poll_age_seconds", Type.GAUGE, "Time since the last poll ended."),
    POLLS("polls_total", Type.COUNTER, "Polls of the time source, by result."),
    POLL_DURATION("poll_duration_seconds", Type.HISTOGRAM, "How long polls of the time source took."),
    STRATUM("stratum", Type.GAUGE, "Distance of this clock from the primary reference."),
    SOURCES("sources", Type.GAUGE, "Sources of the time source, by whether they reply."),
    REFERENCE_ERROR_FAILURE(
            "reference_error_failure_timestamp_seconds",
            Type.GAUGE,
            "When the error of the reference clock could not be read last, by the wall clock."),
    CLOCK_STEPS("clock_steps_total", Type.COUNTER, "Steps of the wall clock."),
    DISRUPTIONS(
            "disruptions_total", Type.COUNTER, "Disruptions of the clock: steps, moves of the machine, forced ones."),
    SLEWS("slews_total", Type.COUNTER, "Updates of the time source that left a correction to slew the clock by."),
    REQUESTS("requests_total", Type.COUNTER, "Requests by transport, type and result."),
    CONNECTIONS_REFUSED("connections_refused_total", Type.COUNTER, "Connections closed because there were too many."),
    SOCKET_RENEWALS(
            "socket_renewals_total",
            Type.COUNTER,
            "Sockets replaced because nothing could be sent through them any more.");

    /** The kinds of metrics that there are. */
    enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM
    }

    /** A list of sources that is older than this is stale: it is asked every 10 s, or at each poll where polls are rarer. */
    public static final long SOURCES_NANOS = 120_000_000_000L;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PPB_PER_PPM = 1e3;

    private final String name;
    private final Type type;
    private final String help;

    Metric(String name, Type type, String help) {
        this.name = "clockbound_" + name;
        this.type = type;
        this.help = help;
    }

    /** Returns the name with its unit and, of a counter, with {@code _total}. */
    public String exportedName() {
        return name;
    }

    /** Returns what it is, in a sentence. */
    public String help() {
        return help;
    }

    Type type() {
        return type;
    }

    /** Returns the name of the type in Prometheus' text format. */
    public String typeName() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** Returns a time in the unit of the metrics. */
    public static double seconds(long nanos) {
        return nanos / NANOS_PER_SECOND;
    }

    /** Returns a rate in the unit of the metrics, parts per million. */
    public static double ppm(long ppb) {
        return ppb / PPB_PER_PPM;
    }
}
