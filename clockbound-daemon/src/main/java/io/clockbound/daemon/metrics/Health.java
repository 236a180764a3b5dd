/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.daemon.config.DurationText;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whether the daemon lives, and whether its clock can be used. Thread-safe. */
final class Health {

    private static final String MAX_BOUND = "max-bound=";
    private static final int MAX_QUERY_LENGTH = 100;

    /** A poll takes up to a second, and a machine may be busy. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final BoundSettings settings;
    private final LocalClock local;
    private final Function<ClockErrorBound, BoundedInstant> clock;
    private volatile @Nullable Noted noted;

    private record Noted(PollOutcome published, PollOutcome last, long atNanos) {}

    /**
     * The response to a question for health.
     *
     * @param code the HTTP status code
     * @param text one line that says why
     */
    record Verdict(int code, String text) {}

    Health(BoundSettings settings, LocalClock local, Function<ClockErrorBound, BoundedInstant> clock) {
        this.clock = clock;
        this.settings = settings;
        this.local = local;
    }

    /** Takes note of what was published; called by the polling thread alone. */
    void note(PollOutcome outcome) {
        Noted before = noted;
        boolean isPending = outcome.result() == PollOutcome.Result.PENDING;
        noted = new Noted(
                outcome,
                isPending && before != null ? before.last : outcome,
                isPending && before != null ? before.atNanos : local.monotonicNanos());
    }

    /** Tells whether polls go on: 200, or 503 when the last one ended too long ago. */
    Verdict liveness() {
        Noted now = noted;
        if (now == null) {
            return new Verdict(503, "no poll of the time source has ended yet");
        }
        Duration age = Duration.ofNanos(local.monotonicNanos() - now.atNanos);
        Duration limit = settings.pollInterval().plus(GRACE);
        return age.compareTo(limit) <= 0
                ? new Verdict(200, "polling")
                : new Verdict(
                        503,
                        "the last poll ended " + age.toSeconds() + " s ago, expected within " + limit.toSeconds()
                                + " s");
    }

    /**
     * Tells whether the clock is trusted now, and its half width within a limit if one is given.
     *
     * @param query {@code max-bound=DURATION} such as 1ms, or null
     * @return 200, 503 with the reason, or 400 for a query that is not understood
     */
    Verdict readiness(@Nullable String query) {
        Duration maxBound;
        try {
            maxBound = maxBound(query);
        } catch (IllegalArgumentException e) {
            return new Verdict(400, e.getMessage() + ": use /readyz or /readyz?max-bound=1ms");
        }
        Noted now = noted;
        if (now == null) {
            return new Verdict(503, "UNKNOWN: no poll of the time source has ended yet");
        }
        BoundedInstant reading = clock.apply(now.published.bound());
        ClockStatus status = reading.status();
        if (!status.isTrusted()) {
            boolean isPublished = status == now.published.bound().status();
            return new Verdict(
                    503, status + (isPublished ? ": " : " since the last poll, which found: ") + now.last.detail());
        }
        long halfWidthNanos = reading.halfWidthNanos();
        return halfWidthNanos <= maxBound.toNanos()
                ? new Verdict(200, status + ": error bound " + DurationText.of(halfWidthNanos))
                : new Verdict(
                        503,
                        status + ": error bound " + DurationText.of(halfWidthNanos) + " is wider than "
                                + DurationText.of(maxBound.toNanos()));
    }

    private static Duration maxBound(@Nullable String query) {
        if (query == null) {
            return Duration.ofNanos(Long.MAX_VALUE);
        }
        if (query.length() > MAX_QUERY_LENGTH) {
            throw new IllegalArgumentException("the query has " + query.length() + " characters");
        }
        if (!query.startsWith(MAX_BOUND)) {
            throw new IllegalArgumentException("query '" + query + "' is not known");
        }
        return DurationText.parse(query.substring(MAX_BOUND.length()));
    }
}
