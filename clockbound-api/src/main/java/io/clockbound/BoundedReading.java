/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/**
 * Room for a reading, used again for the next one: what a {@link BoundedInstant} says, for programs that read a clock so often
 * that an object for each would count.
 *
 * <p>For one thread at a time.
 */
public final class BoundedReading {

    private long earliestNanos = Long.MIN_VALUE;
    private long latestNanos = Long.MAX_VALUE;
    private ClockStatus status = ClockStatus.UNKNOWN;

    /** Creates one that says nothing: the whole time line, with status UNKNOWN. */
    public BoundedReading() {}

    /** Takes over a reading. */
    public void set(BoundedInstant now) {
        set(now.earliestNanos(), now.latestNanos(), now.status());
    }

    /** Takes over what would be the components of a {@link BoundedInstant}. */
    void set(long earliest, long latest, ClockStatus trust) {
        if (earliest >= latest) {
            throw new IllegalArgumentException("interval [" + earliest + ", " + latest + "] ns is empty");
        }
        earliestNanos = earliest;
        latestNanos = latest;
        status = trust;
    }

    /** Returns the lower end, nanoseconds since the Unix epoch; {@link Long#MIN_VALUE} without trust. */
    public long earliestNanos() {
        return earliestNanos;
    }

    /** Returns the upper end, nanoseconds since the Unix epoch; {@link Long#MAX_VALUE} without trust. */
    public long latestNanos() {
        return latestNanos;
    }

    /** Returns the trust that the clock had. */
    public ClockStatus status() {
        return status;
    }
}
