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
 * The two clocks of this host: the wall clock, which can be stepped, and the monotonic clock, which can't.
 *
 * <p>The only way by which this program reads time, and by which callers wait for it to pass. Implementations are
 * thread-safe.
 */
public interface LocalClock extends InstantSource {

    /** Returns {@code CLOCK_MONOTONIC} in nanoseconds; only differences of two readings mean anything. */
    long monotonicNanos();

    /** Returns {@code CLOCK_REALTIME} in nanoseconds since the Unix epoch. */
    default long epochNanos() {
        return BoundedInstant.epochNanos(instant());
    }

    /**
     * Parks the thread until about so many nanoseconds have passed, or for a shorter time, as {@link LockSupport}
     * does.
     */
    default void parkNanos(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }

    /**
     * Returns an executor that runs what it is given after about so many nanoseconds, on a thread of the common pool.
     */
    default Executor delayed(long nanos) {
        // by itself, before JDK 25, CompletableFuture takes a new thread for each task on a machine with one or two
        // processors; with a pool that was told to have no threads that is the only way
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
