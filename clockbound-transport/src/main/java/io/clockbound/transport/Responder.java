/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedReading;
import io.clockbound.ClockStatus;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Responds to each request, whichever socket it came from. Thread-safe. */
final class Responder {

    private final BoundedClock clock;
    private final Transport.Reports reports;
    private final FailureLimiter failures;

    /**
     * Creates a responder.
     *
     * @param reports what the daemon tells of itself
     */
    Responder(BoundedClock clock, Transport.Reports reports, FailureLimiter failures) {
        this.clock = clock;
        this.reports = reports;
        this.failures = failures;
    }

    /**
     * Writes the response to a request at the position of a buffer, from one reading of the clock. The protocol has no times
     * before the Unix epoch.
     *
     * @param now room for the reading
     * @param response has room for {@link Response#maxBytes}
     * @return ANSWERED or REFUSED
     */
    RequestResult respond(Request request, BoundedReading now, ByteBuffer response) {
        clock.read(now);
        boolean unsynchronized = now.status() != ClockStatus.SYNCHRONIZED;
        if (!now.status().isTrusted() && !request.type().asksForReport()) {
            return refuse(response, unsynchronized);
        }
        long earliestNanos = Math.max(0, now.earliestNanos());
        long latestNanos = Math.max(0, now.latestNanos());
        return switch (request.type()) {
            case NOW -> {
                if (now.latestNanos() < 0) {
                    yield refuse(response, unsynchronized);
                }
                Response.Interval.encode(unsynchronized, earliestNanos, latestNanos, response);
                yield RequestResult.ANSWERED;
            }
            case BEFORE -> {
                boolean isBefore = Long.compareUnsigned(request.epochNanos(), earliestNanos) < 0;
                yield answer(new Response.Verdict(RequestType.BEFORE, unsynchronized, isBefore), response);
            }
            case AFTER -> {
                // the end of the time line stands for all times beyond it
                boolean isAfter =
                        latestNanos != Long.MAX_VALUE && Long.compareUnsigned(request.epochNanos(), latestNanos) > 0;
                yield answer(new Response.Verdict(RequestType.AFTER, unsynchronized, isAfter), response);
            }
            case STATUS, HISTORY -> report(request, unsynchronized, response);
            case MALFORMED -> refuse(response, unsynchronized);
        };
    }

    private RequestResult report(Request request, boolean unsynchronized, ByteBuffer response) {
        Response.Report report;
        try {
            boolean isStatus = request.type() == RequestType.STATUS;
            String json = isStatus ? reports.status() : reports.history(request.epochNanos());
            report = new Response.Report(request.type(), unsynchronized, json);
        } catch (RuntimeException e) {
            // a report that fails must not end the thread that serves the time
            failures.add(
                    "status", () -> new IOException("cannot report the status to a client that asked for it: " + e, e));
            return refuse(response, unsynchronized);
        }
        return answer(report, response);
    }

    private static RequestResult answer(Response answer, ByteBuffer response) {
        answer.encode(response);
        return RequestResult.ANSWERED;
    }

    private static RequestResult refuse(ByteBuffer response, boolean unsynchronized) {
        new Response.Refusal(unsynchronized).encode(response);
        return RequestResult.REFUSED;
    }
}
