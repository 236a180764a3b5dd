/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a daemon says of itself: the part of its status report that programs act on, and the whole of it as JSON. Immutable.
 *
 * @param status the status of its clock
 * @param why why the status is what it is, for people to read
 * @param interval what its clock read; empty without trust
 * @param peer the address that its time source asks; empty before the first poll
 * @param warnings what is allowed but deserves attention
 * @param version the daemon's version
 * @param pid its process, in its own namespace
 * @param json the whole report, a JSON object; docs/PROTOCOL.md has its members
 */
public record DaemonStatus(
        ClockStatus status,
        String why,
        Optional<BoundedInstant> interval,
        String peer,
        List<String> warnings,
        String version,
        long pid,
        String json) {

    /** Makes the warnings immutable. */
    public DaemonStatus {
        warnings = List.copyOf(warnings);
    }

    /**
     * Returns a report as a record.
     *
     * @param json what {@link ClockBoundClients#status} returned
     * @throws IOException when it is not a status report; it says what is wrong
     */
    public static DaemonStatus of(String json) throws IOException {
        Map<String, Object> report = JsonReader.object(json);
        ClockStatus status = status(text(report, "status"));
        Map<?, ?> lastPoll = object(report, "last_poll");
        return new DaemonStatus(
                status,
                report.get("why") instanceof String why ? why : text(lastPoll, "detail"),
                interval(status, object(report, "interval")),
                object(report, "source").get("peer") instanceof String peer ? peer : "",
                report.get("warnings") instanceof List<?> warnings
                        ? warnings.stream().map(String::valueOf).toList()
                        : List.of(),
                text(report, "version"),
                number(report, "pid"),
                json);
    }

    private static ClockStatus status(String name) throws ProtocolException {
        try {
            return ClockStatus.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("the status report has a status that is none: '" + name + "'");
        }
    }

    private static Optional<BoundedInstant> interval(ClockStatus status, Map<?, ?> interval) throws ProtocolException {
        if (!status.isTrusted()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BoundedInstant(
                    number(interval, "earliest_epoch_ns"), number(interval, "latest_epoch_ns"), status));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("the status report has an impossible interval: " + e.getMessage());
        }
    }

    private static Map<?, ?> object(Map<?, ?> report, String name) {
        return report.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }

    private static String text(Map<?, ?> report, String name) throws ProtocolException {
        if (report.get(name) instanceof String text) {
            return text;
        }
        throw missing(name);
    }

    private static long number(Map<?, ?> report, String name) throws ProtocolException {
        if (report.get(name) instanceof Long number) {
            return number;
        }
        throw missing(name);
    }

    private static ProtocolException missing(String name) {
        return new ProtocolException("the status report has no " + name + ", or not of its kind");
    }
}
