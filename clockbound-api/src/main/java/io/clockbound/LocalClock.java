/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The two clocks of this host: the wall clock, which can be stepped, and the monotonic clock, which can't.
 *
 * <p>The only way by which this program reads time. Implementations are thread-safe.
 */
public interface LocalClock extends InstantSource {

    /** Returns {@code CLOCK_MONOTONIC} in nanoseconds; only differences of two readings mean anything. */
    long monotonicNanos();

    /** Returns {@code CLOCK_REALTIME} in nanoseconds since the Unix epoch. */
    default long epochNanos() {
        return BoundedInstant.epochNanos(instant());
    }

    /** Returns the clocks of the machine that this program runs on. */
    static LocalClock system() {
        return SystemClock.INSTANCE;
    }

    /** {@code CLOCK_REALTIME} and {@code CLOCK_MONOTONIC} as HotSpot reads them on Linux. */
    enum SystemClock implements LocalClock {
        /** The one pair of clocks that a machine has. */
        INSTANCE;

        @Override
        public Instant instant() {
            return Instant.now();
        }

        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    }
}
