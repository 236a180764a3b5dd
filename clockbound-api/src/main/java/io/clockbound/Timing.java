/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * When a piece of work ran, and how long it took.
 *
 * <p>The clock is read before the work and after it; the execution time is the time between the two readings. The work
 * lies within, so it took no longer than {@code maximumNanos}.
 *
 * <p>Two things bound that time, and the tighter of each two ends counts. True time went from somewhere in the first
 * interval to somewhere in the second: at least from the upper end of the first to the lower end of the second, at
 * most from the lower end of the first to the upper end of the second. And the monotonic clock, read just outside and
 * just inside the two readings, shows how long that was to within its frequency error: Linux limits a slew to 100 000 ppm
 * (the tick) and 1 000 ppm (the frequency and {@code adjtime}), and no oscillator is off by the rest of the 110 000 ppm
 * allowed here. While the machine is suspended it stands still; when that, or a step, moved the wall clock away from it, it
 * only proves that the work took at least that long. If the two contradict each other, the wider of each two ends counts.
 *
 * <p>These are differences of Unix time, which does not count a leap second.
 *
 * @param start the reading before the work, always trusted
 * @param finish the reading after the work, trusted or not, because the result of the work must not be lost
 * @param minimumNanos minimum execution time, rounded down, not negative
 * @param maximumNanos maximum execution time, rounded up; {@link Long#MAX_VALUE} when it is not known
 * @param result what the work returned
 */
public record Timing<T extends @Nullable Object>(
        BoundedInstant start, BoundedInstant finish, long minimumNanos, long maximumNanos, T result) {

    private static final long FASTEST_PERCENT = 111;
    private static final long SLOWEST_PERCENT = 89;

    /** Checks that the start is trusted and the times are ordered. */
    public Timing {
        if (!start.status().isTrusted()) {
            throw new IllegalArgumentException("start with status " + start.status() + " is not trusted");
        }
        if (minimumNanos < 0 || maximumNanos < minimumNanos) {
            throw new IllegalArgumentException(
                    "execution time of " + minimumNanos + " to " + maximumNanos + " ns is impossible");
        }
    }

    static <T extends @Nullable Object> Timing<T> of(BoundedClock clock, Callable<T> work) throws Exception {
        LocalClock local = clock.local();
        Witness witness = Witness.take(local);
        long beforeStart = local.monotonicNanos();
        BoundedInstant start = clock.now();
        long afterStart = local.monotonicNanos();
        T result = work.call();
        long beforeFinish = local.monotonicNanos();
        BoundedInstant finish = clock.read();
        long afterFinish = local.monotonicNanos();

        boolean isMonotonicWhole = !Witness.take(local).differsFrom(witness);
        // one nanosecond on each side, because the clock shows whole ones only
        long slowest = minimumNanos(beforeFinish - afterStart - 1);
        long fastest = isMonotonicWhole ? maximumNanos(afterFinish - beforeStart + 1) : Long.MAX_VALUE;
        long nearest = Wait.saturatedNanos(Duration.between(start.latest(), finish.earliest()));
        long farthest = finish.status().isTrusted()
                ? Wait.saturatedNanos(Duration.between(start.earliest(), finish.latest()))
                : Long.MAX_VALUE;
        long minimum = Math.max(slowest, nearest);
        long maximum = Math.min(fastest, farthest);
        if (minimum > maximum) {
            minimum = Math.max(0, Math.min(slowest, nearest));
            maximum = Math.max(fastest, farthest);
        }
        return new Timing<>(start, finish, minimum, maximum, result);
    }

    /** Returns the minimum time in which the monotonic clock can advance by that much, rounded down. */
    private static long minimumNanos(long monotonicNanos) {
        long nanos = Math.max(0, monotonicNanos);
        return nanos / FASTEST_PERCENT * 100 + nanos % FASTEST_PERCENT * 100 / FASTEST_PERCENT;
    }

    /** Returns the maximum time in which the monotonic clock advances by no more than that, rounded up. */
    private static long maximumNanos(long monotonicNanos) {
        if (monotonicNanos > Long.MAX_VALUE / 2) {
            return Long.MAX_VALUE; // a century and a half
        }
        long rest = monotonicNanos % SLOWEST_PERCENT * 100;
        return monotonicNanos / SLOWEST_PERCENT * 100 + (rest + SLOWEST_PERCENT - 1) / SLOWEST_PERCENT;
    }

    /** Returns the instant before which the work did not begin. */
    public Instant earliestStart() {
        return start.earliest();
    }

    /**
     * Returns the instant after which the work did not end.
     *
     * @throws ClockNotTrustedException when the clock could not be trusted any more at the end
     */
    public Instant latestFinish() {
        if (!finish.status().isTrusted()) {
            throw new ClockNotTrustedException(
                    finish.status(), "it lost trust during the work; the result of the work is kept");
        }
        return finish.latest();
    }

    /** Returns the minimum execution time. */
    public Duration minimum() {
        return Duration.ofNanos(minimumNanos);
    }

    /**
     * Returns the maximum execution time; the longest that a {@code long} of nanoseconds can hold when it is not known.
     */
    public Duration maximum() {
        return Duration.ofNanos(maximumNanos);
    }
}
