/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the time source for its sources between polls: every 10 s; when the outcome changes, a second after the last question at the
 * earliest; taking at most half the time until the next poll. A failure leaves the list empty.
 *
 * <p>{@link #last} may be called by any thread, the rest by the polling thread only.
 */
final class SourceInquiry {

    private static final long EVERY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long SOONEST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration LONGEST = Duration.ofMillis(50);

    private final LocalClock clock;
    private final TimeSource source;
    private volatile SourceList last;
    private @Nullable Outcome asked;

    /** What a poll found, apart from numbers: another one may have other sources behind it. */
    private record Outcome(PollOutcome.Result result, String detail, ReferenceId reference) {}

    SourceInquiry(LocalClock clock, TimeSource source) {
        this.clock = clock;
        this.source = source;
        this.last = new SourceList(List.of(), 0, clock.monotonicNanos());
    }

    SourceList last() {
        return last;
    }

    /**
     * Asks if that is due.
     *
     * @param poll the poll that has just ended; without a reply to it, nothing is asked
     * @param untilNext time until the next one
     * @return what is left of that
     */
    Duration askAfter(PollOutcome poll, Duration untilNext) {
        if (poll.snapshot().isEmpty()) {
            return untilNext;
        }
        long nowNanos = clock.monotonicNanos();
        Outcome outcome =
                new Outcome(poll.result(), poll.detail(), poll.snapshot().get().reference());
        if (asked != null && nowNanos - last.askedNanos() < (outcome.equals(asked) ? EVERY_NANOS : SOONEST_NANOS)) {
            return untilNext;
        }
        asked = outcome;
        Duration half = untilNext.dividedBy(2);
        long correctionNanos = poll.snapshot().get().correctionNanos();
        try {
            last = new SourceList(
                    source.sources(half.compareTo(LONGEST) < 0 ? half : LONGEST), correctionNanos, nowNanos);
        } catch (IOException | RuntimeException e) {
            last = new SourceList(List.of(), correctionNanos, nowNanos); // it is for people only, and asked again
        }
        return untilNext.minusNanos(Math.max(0, clock.monotonicNanos() - nowNanos));
    }
}
