/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import java.time.Instant;

/**
 * Thrown for a timestamp that is too far ahead of this host's interval; it has changed nothing.
 *
 * <p>Either the host that issued it or this host has a clock outside its bound, or the timestamp was damaged, or it
 * belongs to a commit that was shown without its wait, or to the vote of a host with a much wider interval.
 */
public final class FutureTimestampException extends RuntimeException {

    private final Instant timestamp;
    private final Instant latest;

    FutureTimestampException(Instant timestamp, Instant latest, String rule) {
        super(
                "timestamp " + timestamp + " is refused: " + rule + " " + latest
                        + "; compare the clock status of the host that issued it with this host's, and store nothing that comes with it");
        this.timestamp = timestamp;
        this.latest = latest;
    }

    /** Returns the timestamp that was refused. */
    public Instant timestamp() {
        return timestamp;
    }

    /** Returns the latest timestamp that would not have been refused. */
    public Instant latest() {
        return latest;
    }
}
