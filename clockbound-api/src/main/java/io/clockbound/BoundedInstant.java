/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An instant known to lie between two others.
 *
 * <p>True time lies inside, both ends included, whatever the status: an interval that cannot be trusted is the whole
 * time line, so that nothing can be concluded from it. Never empty.
 *
 * @param earliestNanos the lower end, nanoseconds since the Unix epoch
 * @param latestNanos the upper end, nanoseconds since the Unix epoch
 * @param status the trust that the clock had
 */
public record BoundedInstant(long earliestNanos, long latestNanos, ClockStatus status) {

    /** Checks that the interval is not empty and that one without trust is unbounded. */
    public BoundedInstant {
        if (earliestNanos >= latestNanos) {
            throw new IllegalArgumentException("interval [" + earliestNanos + ", " + latestNanos + "] ns is empty");
        }
        if (!status.isTrusted() && (earliestNanos != Long.MIN_VALUE || latestNanos != Long.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "interval with status " + status + " has bounds: only a trusted one may");
        }
    }

    /** Returns the whole time line: what a clock without trust says. */
    public static BoundedInstant unbounded(ClockStatus status) {
        return new BoundedInstant(Long.MIN_VALUE, Long.MAX_VALUE, status);
    }

    /** Returns the nanoseconds from the Unix epoch to {@code instant}; beyond the range of a long its end. */
    public static long epochNanos(Instant instant) {
        try {
            return Instant.EPOCH.until(instant, ChronoUnit.NANOS);
        } catch (ArithmeticException e) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Returns the lower end: true time is not before it. */
    public Instant earliest() {
        return Instant.ofEpochSecond(0, earliestNanos);
    }

    /** Returns the upper end: true time is not after it. */
    public Instant latest() {
        return Instant.ofEpochSecond(0, latestNanos);
    }

    /** Tells whether {@code instant} has certainly passed: it lies before the lower end. */
    public boolean isPast(Instant instant) {
        return epochNanos(instant) < earliestNanos;
    }

    /** Tells whether {@code instant} has certainly not come yet: it lies after the upper end. */
    public boolean isFuture(Instant instant) {
        return epochNanos(instant) > latestNanos;
    }

    /** Tells whether this instant certainly came before {@code other}: the intervals have no instant in common. */
    public boolean isDefinitelyBefore(BoundedInstant other) {
        return latestNanos < other.earliestNanos;
    }

    /** Tells whether this instant certainly came after {@code other}. */
    public boolean isDefinitelyAfter(BoundedInstant other) {
        return other.isDefinitelyBefore(this);
    }

    /** Tells whether the order of this instant and {@code other} cannot be known. */
    public boolean overlaps(BoundedInstant other) {
        return !isDefinitelyBefore(other) && !isDefinitelyAfter(other);
    }

    /** Returns how far true time can be from the midpoint, rounded up; {@link Long#MAX_VALUE} without trust. */
    public long halfWidthNanos() {
        long up = (widthNanos() >>> 1) + (widthNanos() & 1);
        return up < 0 ? Long.MAX_VALUE : up;
    }

    /** Returns the instant in the middle, rounded down; promises nothing by itself. */
    public Instant midpoint() {
        return Instant.ofEpochSecond(0, earliestNanos + (widthNanos() >>> 1));
    }

    /** Returns the width, an unsigned number. */
    private long widthNanos() {
        return latestNanos - earliestNanos;
    }
}
