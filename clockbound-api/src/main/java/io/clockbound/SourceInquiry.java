/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Asks the time source for its sources between polls, at most every 10 s, in less time than is left until the next poll; a failure
 * leaves the list empty. {@link #last} may be called by any thread, the rest by the polling thread only.
 */
final class SourceInquiry {

    private static final long EVERY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration LONGEST = Duration.ofMillis(50);

    private final LocalClock clock;
    private final TimeSource source;
    private volatile SourceList last;
    private boolean isAsked;

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
        long nowNanos = clock.monotonicNanos();
        if (poll.snapshot().isEmpty() || (isAsked && nowNanos - last.askedNanos() < EVERY_NANOS)) {
            return untilNext;
        }
        isAsked = true;
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
