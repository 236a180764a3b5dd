/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import java.io.IOException;

/** Decides the response to each request, whichever socket it came from. Thread-safe. */
final class Responder {

    private final BoundedClock clock;
    private final Reports reports;
    private final FailureLimiter failures;

    /**
     * Creates a responder.
     *
     * @param reports what the daemon tells of itself
     */
    Responder(BoundedClock clock, Reports reports, FailureLimiter failures) {
        this.clock = clock;
        this.reports = reports;
        this.failures = failures;
    }

    /** Returns the response to a request, from one reading of the clock. The protocol has no times before the Unix epoch. */
    Response respond(Request request) {
        BoundedInstant now = clock.read();
        boolean unsynchronized = now.status() != ClockStatus.SYNCHRONIZED;
        if (!now.status().isTrusted() && !request.type().asksForReport()) {
            return new Response.Refusal(unsynchronized);
        }
        long earliestNanos = Math.max(0, now.earliestNanos());
        long latestNanos = Math.max(0, now.latestNanos());
        return switch (request.type()) {
            case NOW ->
                now.latestNanos() < 0
                        ? new Response.Refusal(unsynchronized)
                        : new Response.Interval(unsynchronized, earliestNanos, latestNanos);
            case BEFORE ->
                new Response.Verdict(
                        RequestType.BEFORE,
                        unsynchronized,
                        Long.compareUnsigned(request.epochNanos(), earliestNanos) < 0);
            case AFTER ->
                // the end of the time line stands for all times beyond it
                new Response.Verdict(
                        RequestType.AFTER,
                        unsynchronized,
                        latestNanos != Long.MAX_VALUE && Long.compareUnsigned(request.epochNanos(), latestNanos) > 0);
            case STATUS, HISTORY -> report(request, unsynchronized);
            case MALFORMED -> new Response.Refusal(unsynchronized);
        };
    }

    private Response report(Request request, boolean unsynchronized) {
        try {
            return request.type() == RequestType.STATUS
                    ? new Response.Status(unsynchronized, reports.status())
                    : new Response.History(unsynchronized, reports.history(request.epochNanos()));
        } catch (RuntimeException e) {
            // a status report that fails must not end the thread that serves the time
            failures.add(
                    "status", () -> new IOException("cannot report the status to a client that asked for it: " + e, e));
            return new Response.Refusal(unsynchronized);
        }
    }
}
