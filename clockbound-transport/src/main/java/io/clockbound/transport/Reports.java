/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

/** What a daemon tells of itself: JSON objects of at most {@link Transport#MAX_STATUS_BYTES}. Thread-safe. */
@FunctionalInterface
public interface Reports {

    /** Returns the daemon's report on its status. */
    String status();

    /**
     * Returns what has happened to the clock since an instant; an empty object when the daemon keeps no history.
     *
     * @param sinceEpochNanos nanoseconds since the Unix epoch by the wall clock
     */
    default String history(long sinceEpochNanos) {
        return "{}";
    }
}
