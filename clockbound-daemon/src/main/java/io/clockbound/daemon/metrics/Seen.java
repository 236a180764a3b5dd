/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the polling thread has seen. Immutable.
 *
 * @param last the last outcome that is not PENDING
 * @param endedNanos monotonic time when it was noted
 * @param published the bound that readers have
 * @param good the last outcome with a new bound
 * @param statusNanos time spent in each status before the present one
 * @param sinceNanos monotonic time since which the status is the present one
 * @param referenceFailedNanos when the error of the reference clock could not be read last, nanoseconds since the Unix epoch by the
 *     wall clock; {@link #NEVER} when it always could
 */
record Seen(
        PollOutcome last,
        long endedNanos,
        ClockErrorBound published,
        @Nullable PollOutcome good,
        Map<ClockStatus, Long> statusNanos,
        long sinceNanos,
        long referenceFailedNanos) {

    static final long NEVER = 0;

    static Seen first(PollOutcome outcome, long nowNanos, long epochNanos) {
        return new Seen(
                outcome,
                nowNanos,
                knownAt(nowNanos, outcome.bound()),
                outcome.terms().isPresent() ? outcome : null,
                Map.of(),
                nowNanos,
                failedNanos(outcome, epochNanos, NEVER));
    }

    Seen after(PollOutcome outcome, long nowNanos, long epochNanos) {
        boolean isPending = outcome.result() == PollOutcome.Result.PENDING;
        ClockErrorBound bound = knownAt(nowNanos, outcome.bound());
        boolean isSame = bound.status() == status() && !isExpiredAt(nowNanos);
        return new Seen(
                isPending ? last : outcome,
                isPending ? endedNanos : nowNanos,
                bound,
                outcome.terms().isPresent() ? outcome : good,
                isSame ? statusNanos : statusNanosAt(nowNanos),
                isSame ? sinceNanos : nowNanos,
                failedNanos(outcome, epochNanos, referenceFailedNanos));
    }

    private static long failedNanos(PollOutcome outcome, long epochNanos, long before) {
        return outcome.result() == PollOutcome.Result.REFERENCE_ERROR_UNKNOWN ? epochNanos : before;
    }

    /** Returns a bound, which is not trusted when it is void already: nobody has polled for long. */
    private static ClockErrorBound knownAt(long nowNanos, ClockErrorBound bound) {
        return bound.statusAt(nowNanos) == ClockStatus.UNKNOWN ? bound.withStatus(ClockStatus.UNKNOWN) : bound;
    }

    /** Tells whether the trust in what was published has ended by itself. */
    boolean isExpiredAt(long nowNanos) {
        return status().isTrusted() && nowNanos - published.voidAfterNanos() > 0;
    }

    ClockStatus status() {
        return published.status();
    }

    Map<ClockStatus, Long> statusNanosAt(long nowNanos) {
        Map<ClockStatus, Long> all = new EnumMap<>(ClockStatus.class);
        all.putAll(statusNanos);
        long untilNanos = isExpiredAt(nowNanos) ? published.voidAfterNanos() : nowNanos;
        all.merge(status(), untilNanos - sinceNanos, Long::sum);
        all.merge(ClockStatus.UNKNOWN, nowNanos - untilNanos, Long::sum);
        return all;
    }
}
