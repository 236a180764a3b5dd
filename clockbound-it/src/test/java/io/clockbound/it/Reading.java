/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.ClockStatus;

/**
 * One answer of the daemon, and when the client's wall clock saw it asked and come.
 *
 * @param status UNKNOWN stands for every answer without an interval
 */
public record Reading(long askedNanos, long answeredNanos, ClockStatus status, long earliestNanos, long latestNanos) {

    public boolean isTrusted() {
        return status.isTrusted();
    }

    public long halfWidthNanos() {
        return (latestNanos - earliestNanos) / 2;
    }

    /** Tells whether what this process's wall clock showed between question and answer is in the interval. */
    public boolean holdsWallClock() {
        return earliestNanos <= answeredNanos && askedNanos <= latestNanos;
    }

    /** Tells whether there is an instant in both intervals, once the time between the two readings is taken away. */
    public boolean overlaps(Reading other) {
        return earliestNanos - answeredNanos <= other.latestNanos - other.askedNanos
                && other.earliestNanos - other.answeredNanos <= latestNanos - askedNanos;
    }
}
