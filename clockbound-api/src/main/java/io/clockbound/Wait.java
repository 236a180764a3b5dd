/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One wait for a clock; it begins when this is created. */
final class Wait {

    /** The kernel needs about as long to wake a thread; parking for less would be spinning. */
    private static final long SHORTEST_PARK_NANOS = 20_000;

    /** Trust may end, or a poll narrow the interval, at any time; no two polls are closer. */
    private static final long LONGEST_PARK_NANOS = 100_000_000;

    private final BoundedClock clock;
    private final LocalClock local;
    private final long timeoutNanos;
    private final long beganNanos;

    Wait(BoundedClock clock, Duration timeout) {
        this.clock = clock;
        this.local = clock.local();
        this.timeoutNanos = saturatedNanos(timeout);
        this.beganNanos = local.monotonicNanos();
    }

    /** Returns a duration in nanoseconds; beyond the range of a long its end. */
    static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    BoundedInstant untilPast(Instant instant) throws InterruptedException, TimeoutException {
        requireNotInterrupted();
        BoundedInstant now = clock.now();
        while (!now.isPast(instant)) {
            park(untilNextLook(instant, now));
            now = clock.now();
        }
        return now;
    }

    CompletableFuture<BoundedInstant> whenPast(Instant instant) {
        CompletableFuture<BoundedInstant> past = new CompletableFuture<>();
        look(instant, past);
        return past;
    }

    private void look(Instant instant, CompletableFuture<BoundedInstant> past) {
        if (past.isDone()) {
            return; // cancelled
        }
        try {
            BoundedInstant now = clock.now();
            if (now.isPast(instant)) {
                past.complete(now);
                return;
            }
            local.delayed(untilNextLook(instant, now)).execute(() -> look(instant, past));
        } catch (TimeoutException | RuntimeException | Error e) {
            past.completeExceptionally(e); // whatever it is: nothing else would end the wait
        }
    }

    BoundedInstant untilTrusted() throws InterruptedException, TimeoutException {
        requireNotInterrupted();
        while (true) {
            try {
                return clock.now();
            } catch (ClockNotTrustedException e) {
                park(untilNextLook(LONGEST_PARK_NANOS, e::withoutCallersRemedy));
            }
        }
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString() + " s";
    }

    private void park(long nanos) throws InterruptedException {
        local.parkNanos(nanos);
        requireNotInterrupted();
    }

    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while waiting for the clock");
        }
    }

    private long untilNextLook(Instant instant, BoundedInstant now) throws TimeoutException {
        // one more, because an instant is past only when it lies before the lower end
        long missingNanos =
                saturatedNanos(Duration.between(now.earliest(), instant).plusNanos(1));
        return untilNextLook(
                missingNanos,
                () -> instant + " is not certainly past: the earliest that it can be is " + now.earliest() + ", "
                        + missingNanos + " ns too early");
    }

    private long untilNextLook(long missingNanos, Supplier<String> missing) throws TimeoutException {
        long leftNanos = timeoutNanos - (local.monotonicNanos() - beganNanos);
        if (leftNanos <= 0) {
            throw new TimeoutException("after a wait of " + seconds(timeoutNanos) + ", " + missing.get());
        }
        return Math.min(leftNanos, Math.max(SHORTEST_PARK_NANOS, Math.min(missingNanos, LONGEST_PARK_NANOS)));
    }
}
