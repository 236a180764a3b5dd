/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a daemon answers, whatever way the requests come. Thread-safe. */
final class Responder {

    private final BoundedClock clock;
    private final Supplier<String> status;
    private final FailureLimiter speechless;

    Responder(BoundedClock clock, Supplier<String> status, LocalClock local, Consumer<IOException> failures) {
        this.clock = clock;
        this.status = status;
        this.speechless = new FailureLimiter(local, failures);
    }

    /** Returns the answer to a request, null for a malformed one. */
    Response to(@Nullable Request request) {
        BoundedInstant now = clock.read();
        if (request == null) {
            return Response.Refusal.at(now);
        }
        return request.type() == RequestType.STATUS ? statusAt(now) : request.answeredAt(now);
    }

    private Response statusAt(BoundedInstant now) {
        try {
            return new Response.Status(now.status() != ClockStatus.SYNCHRONIZED, status.get());
        } catch (RuntimeException e) {
            // the time is not to be lost over what is said of it
            speechless.add(() -> new IOException("the status that a client asked for cannot be told: " + e, e));
            return Response.Refusal.at(now);
        }
    }
}
