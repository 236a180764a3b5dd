/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The two clocks of this host: the wall clock, which can be stepped, and the monotonic clock, which cannot.
 *
 * <p>This program reads time through this interface alone, and waits through it for an instant to pass; threads that wait for the
 * next poll or for a client do not. Implementations are thread-safe.
 */
public interface LocalClock extends InstantSource {

    /** Returns {@code CLOCK_MONOTONIC} in nanoseconds; only differences of two readings mean anything. */
    long monotonicNanos();

    /** Returns {@code CLOCK_REALTIME} in nanoseconds since the Unix epoch. */
    default long epochNanos() {
        return BoundedInstant.epochNanos(instant());
    }

    /**
     * Parks the thread for about {@code nanos}, or for a shorter time, as {@link LockSupport} does.
     */
    default void parkNanos(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }

    /**
     * Returns an executor that runs each task after about {@code nanos}, on a thread of the common pool.
     */
    default Executor delayed(long nanos) {
        // by itself, before JDK 25, CompletableFuture starts a thread for each task on a machine with one or two
        // processors; where the common pool is configured to have no threads, that is the only way
        return ForkJoinPool.getCommonPoolParallelism() == 0
                ? CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS)
                : CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, ForkJoinPool.commonPool());
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
