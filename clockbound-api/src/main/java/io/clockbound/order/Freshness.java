/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import java.time.Duration;

/**
 * How old something is, as an interval: what a cache has to know before it calls an entry fresh.
 *
 * <p>The entry carries the {@link BoundedInstant} at which it was true, read <em>before</em> it was fetched from where
 * it is authoritative. Its age now is at most {@code now.latest − then.earliest} and at least {@code now.earliest −
 * then.latest}, whichever host stamped it, because true time lay in both intervals. Something is certainly younger than
 * a limit when the first is below it, and certainly not when the second has reached it; in between no host can tell.
 *
 * <p>Assumes that both clocks kept their promise; no storage and no network. Does not tell whether the original has
 * changed meanwhile, and grows old itself: it is the age at the reading. Immutable and thread-safe.
 *
 * @param minimumAgeNanos the age is no less; 0 or more, and 0 without trust
 * @param maximumAgeNanos the age is no more; {@link Long#MAX_VALUE} without trust
 */
public record Freshness(long minimumAgeNanos, long maximumAgeNanos) {

    private static final DurationRange LIMITS =
            new DurationRange(Duration.ZERO, DurationRange.LONGEST, "an age is neither negative nor that great");

    private static final Freshness UNKNOWN = new Freshness(0, Long.MAX_VALUE);

    /** Checks that the ages are in order. */
    public Freshness {
        if (minimumAgeNanos < 0 || maximumAgeNanos < minimumAgeNanos) {
            throw new IllegalArgumentException("ages from " + minimumAgeNanos + " ns to " + maximumAgeNanos
                    + " ns are not in order: 0 <= minimum <= maximum");
        }
    }

    /**
     * Returns how old something is now that was true {@code since} then.
     *
     * @param since from this clock or another host's; without trust, the age is at most anything
     * @throws FutureTimestampException when {@code since} certainly has not come yet
     */
    public static Freshness of(BoundedInstant since, BoundedClock clock) {
        BoundedInstant now = clock.read();
        if (!now.status().isTrusted() || !since.status().isTrusted()) {
            return UNKNOWN;
        }
        if (since.isDefinitelyAfter(now)) {
            throw new FutureTimestampException(since.earliest(), now.latest(), "true time is at most");
        }
        return new Freshness(
                Math.max(0, saturatedDifference(now.earliestNanos(), since.latestNanos())),
                saturatedDifference(now.latestNanos(), since.earliestNanos()));
    }

    /**
     * Tells whether the age is below {@code limit}.
     *
     * @param limit 0 to 292 years
     * @throws IllegalArgumentException when {@code limit} is outside that range
     */
    public Certainty isYoungerThan(Duration limit) {
        long limitNanos = LIMITS.nanos("age limit", limit);
        if (maximumAgeNanos < limitNanos) {
            return Certainty.YES;
        }
        return minimumAgeNanos >= limitNanos ? Certainty.NO : Certainty.CANNOT_SAY;
    }

    private static long saturatedDifference(long a, long b) {
        long difference = a - b;
        boolean isOverflow = ((a ^ b) & (a ^ difference)) < 0;
        return isOverflow ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : difference;
    }
}
