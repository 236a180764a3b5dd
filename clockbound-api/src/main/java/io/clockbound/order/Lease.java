/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import java.time.Duration;
import java.time.Instant;

/**
 * The right of one host to act alone until an instant of true time: a value, which all hosts read from one register.
 *
 * <p>Each change is a new lease, and holds only once the register has swapped it in for exactly the lease that it was
 * made of:
 *
 * <pre>{@code
 * Lease lease = register.read();                                      // of any host
 * LeaseState state = lease.state(me, acting, clock);
 * if (state instanceof LeaseState.Over) {
 *     Lease mine = lease.takenOver(me, duration, clock);
 *     if (register.compareAndSet(lease, mine)) ...                    // ask mine.state(...) before each act
 * }
 * }</pre>
 *
 * <p>The argument: the holder acts while the upper end of its interval, plus the time that acting takes, is below the
 * end of the lease, so it acts before the end. Another host takes over when the lower end of its interval is above the
 * end, so it acts after it. A renewal never brings the end forward, and of two changes of one lease the register
 * accepts one. Hence no two hosts act at the same true instant, however far their clocks are apart and however wide
 * their intervals.
 *
 * <p>Assumes of storage a linearizable compare-and-set on one register which is never deleted; of the network nothing:
 * a lost reply leaves the lease that was there before, until the register is read again. Assumes of the holder that an
 * act ends within {@code acting}. There are two remedies for an act that may be paused for longer: use a result only
 * after another look that says {@link LeaseState.Held}, and have storage refuse writes with a smaller {@link #token}
 * than it has seen.
 *
 * <p>Does not give: election, fairness, notice to a holder that is cut off, or availability while no clock is trusted.
 *
 * <p>Immutable and thread-safe. Every method reads the clock once at most.
 *
 * @param holder the name of the host or process, not blank; unique, because it alone tells two holders apart
 * @param token 1 or more, and greater with each take-over
 * @param endNanos nanoseconds since the Unix epoch, 0 to 2⁶³ − 2
 */
public record Lease(String holder, long token, long endNanos) {

    private static final DurationRange DURATIONS = new DurationRange(
            DurationRange.NANOSECOND,
            Duration.ofDays(365),
            "no host can act under an empty lease or wait for the end of a longer one; renew a short one instead");

    private static final DurationRange ACTS = new DurationRange(
            Duration.ZERO, DURATIONS.maximum(), "no lease is longer, and no act takes less than no time");

    /** Checks the ranges. */
    public Lease {
        if (holder.isBlank()) {
            throw new IllegalArgumentException(
                    "holder \"" + holder + "\" is blank: give each process a name of its own");
        }
        if (token < 1) {
            throw new IllegalArgumentException(
                    "token " + token + " is not 1 or more: the register holds something else");
        }
        if (endNanos < 0 || endNanos > HybridTimestamp.MAX_NANOS) {
            throw new IllegalArgumentException(
                    "end of " + endNanos + " ns is not between 0 and " + HybridTimestamp.MAX_NANOS
                            + ": the register holds something else, or a lease without an end, which no host could take over");
        }
    }

    /**
     * Returns the first lease of a register that holds none yet.
     *
     * @param duration how long its holder can act while its interval stays as wide as it is, 1 ns to 365 days
     * @throws IllegalArgumentException when {@code duration} is outside that range
     * @throws ClockNotTrustedException when the clock cannot be trusted
     */
    public static Lease first(String holder, Duration duration, BoundedClock clock) {
        return new Lease(holder, 1, end(duration, clock.now()));
    }

    /**
     * Returns what this lease means to {@code me} now. Look before each act, not once for several. The end in a damaged
     * record shows as a wait longer than any lease is granted for: an operator has to repair the register.
     *
     * @param me the name of this host or process
     * @param acting the longest time from this look until the act is over, 0 to 365 days; ignored unless {@code me} is
     *     the holder
     * @throws IllegalArgumentException when {@code acting} is outside that range
     */
    public LeaseState state(String me, Duration acting, BoundedClock clock) {
        long actingNanos = ACTS.nanos("acting", acting);
        BoundedInstant now = clock.read();
        if (!now.status().isTrusted()) {
            return new LeaseState.Untrusted(now.status());
        }
        if (now.earliestNanos() > endNanos) {
            return new LeaseState.Over();
        }
        // the end is 0 or more and acting a year at most, so the difference does not overflow
        boolean isLongEnough = now.latestNanos() < endNanos - actingNanos;
        return isLongEnough && holder.equals(me)
                ? new LeaseState.Held(saturatedDifference(endNanos - actingNanos, now.latestNanos()))
                : new LeaseState.NotOver(saturatedDifference(endNanos + 1, now.earliestNanos()));
    }

    /**
     * Returns this lease with a later end. Until the register has accepted it, the holder acts under this one; it may
     * be renewed even after its end, because the register does not accept it after a take-over.
     *
     * @param duration as for {@link #first}; the end is never earlier than before
     * @throws IllegalArgumentException when {@code duration} is outside the range
     * @throws IllegalStateException when it was released: the holder, too, has to take it over then
     * @throws ClockNotTrustedException when the clock cannot be trusted
     */
    public Lease renewed(Duration duration, BoundedClock clock) {
        if (endNanos == 0) {
            throw new IllegalStateException("the lease of " + holder
                    + " was released and is not renewed: take it over, which gives it the next token");
        }
        return new Lease(holder, token, Math.max(endNanos, end(duration, clock.now())));
    }

    /**
     * Returns the lease that follows this one.
     *
     * @param by the name of the next holder
     * @param duration as for {@link #first}
     * @throws IllegalArgumentException when {@code duration} is outside the range
     * @throws IllegalStateException when this lease is not certainly over
     * @throws ClockNotTrustedException when the clock cannot be trusted
     */
    public Lease takenOver(String by, Duration duration, BoundedClock clock) {
        BoundedInstant now = clock.now();
        if (now.earliestNanos() <= endNanos) {
            throw new IllegalStateException(
                    "the lease of " + holder + " until " + end() + " is not certainly over: it may be " + now.earliest()
                            + " still; take over when its state is Over");
        }
        return new Lease(by, Math.addExact(token, 1), end(duration, now));
    }

    /**
     * Returns this lease without any time left, for a holder that has stopped acting under it, in all its threads and
     * for good: not even a thread that reads this lease late, or has read it before, may act under it any more. The
     * register keeps it, so that tokens go on growing and no value ever returns.
     */
    public Lease released() {
        return new Lease(holder, token, 0);
    }

    /** Returns the instant before which the holder may act, and after which others may take over. */
    public Instant end() {
        return Instant.ofEpochSecond(0, endNanos);
    }

    private static long end(Duration duration, BoundedInstant now) {
        long durationNanos = DURATIONS.nanos("lease", duration);
        if (now.latestNanos() > HybridTimestamp.MAX_NANOS - durationNanos) {
            throw new IllegalArgumentException(
                    "a lease of " + duration + " from " + now.latest()
                            + " on would end after the year 2262, the end of the range: the interval of the clock is not a sound one");
        }
        return now.latestNanos() + durationNanos;
    }

    private static long saturatedDifference(long a, long b) {
        return b < 0 && a > Long.MAX_VALUE + b ? Long.MAX_VALUE : a - b;
    }
}
