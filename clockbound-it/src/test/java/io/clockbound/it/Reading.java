/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.ClockStatus;

/**
 * One answer of the daemon, and when the client's wall clock saw it asked and come.
 *
 * @param status UNKNOWN stands for every answer without an interval
 */
record Reading(long askedNanos, long answeredNanos, ClockStatus status, long earliestNanos, long latestNanos) {

    /** What two readings of the clocks within one reading may differ by, nanoseconds. */
    private static final long CLOCK_READING_NANOS = 1_000;

    boolean isTrusted() {
        return status.isTrusted();
    }

    /** Returns what the daemon's wall clock showed when it answered. */
    long midpointNanos() {
        return earliestNanos + (latestNanos - earliestNanos) / 2;
    }

    long halfWidthNanos() {
        return (latestNanos - earliestNanos) / 2;
    }

    /** Tells whether the interval is of the time between question and answer, as this process saw them. */
    boolean isOfThisMoment() {
        return midpointNanos() >= askedNanos - CLOCK_READING_NANOS
                && midpointNanos() <= answeredNanos + CLOCK_READING_NANOS;
    }

    /** Tells whether there is an instant in both intervals, once the time between the two readings is taken away. */
    boolean overlaps(Reading other) {
        return earliestNanos - answeredNanos <= other.latestNanos - other.askedNanos
                && other.earliestNanos - other.answeredNanos <= latestNanos - askedNanos;
    }
}
