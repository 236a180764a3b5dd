/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.time.Instant;
import java.time.InstantSource;

/** The upper ends of a clock's intervals: instants that are not before true time, not even after rounding. */
record LatestSource(BoundedClock clock) implements InstantSource {

    private static final long NANOS_PER_MILLI = 1_000_000;

    @Override
    public Instant instant() {
        return clock.now().latest();
    }

    @Override
    public long millis() {
        return -Math.floorDiv(-clock.latestNanos(), NANOS_PER_MILLI);
    }
}
