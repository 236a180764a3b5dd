/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/**
 * The difference between the wall clock and the monotonic clock, which reveals steps. Immutable.
 *
 * @param nanos wall clock minus monotonic clock
 * @param errorNanos how far {@code nanos} can be from the true difference
 * @param takenNanos monotonic time before the clocks were compared
 */
public record Witness(long nanos, long errorNanos, long takenNanos) {

    /** A comparison this tight ends the search: compiled code takes that long, interpreted code ten times as long. */
    private static final long TIGHT_NANOS = 100;

    static final int MOST_BRACKETS = 32;

    /** Compares the clocks up to 32 times, stops at an uncertainty of 100 ns, and keeps the tightest comparison. */
    public static Witness take(LocalClock clock) {
        long takenNanos = clock.monotonicNanos();
        Witness best = bracket(clock, takenNanos);
        for (int i = 1; i < MOST_BRACKETS && best.errorNanos > TIGHT_NANOS; i++) {
            Witness next = bracket(clock, takenNanos);
            best = next.errorNanos < best.errorNanos ? next : best;
        }
        return best;
    }

    private static Witness bracket(LocalClock clock, long takenNanos) {
        long before = clock.monotonicNanos();
        long wall = clock.epochNanos();
        long width = clock.monotonicNanos() - before;
        // one more nanosecond on each side, because each clock shows whole ones only
        return new Witness(wall - before - width / 2, (width + 1) / 2 + 1, takenNanos);
    }

    /** Tells whether the wall clock was stepped between the two comparisons. */
    boolean differsFrom(Witness other) {
        return Math.abs(nanos - other.nanos) > errorNanos + other.errorNanos;
    }

    /** Returns this with the error that it has if the wall clock was stepped before {@code later} by too little to be seen. */
    Witness until(Witness later) {
        return new Witness(nanos, Math.max(errorNanos, Math.abs(nanos - later.nanos) + later.errorNanos), takenNanos);
    }
}
