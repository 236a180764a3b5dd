/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.LocalClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** An instant of monotonic time by which something has to be true. */
public record Deadline(long monotonicNanos) {

    /** Longer than anything takes on a busy machine: what never happens is told late, what is slow is no failure. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final long PAUSE_NANOS = 5_000_000;

    public static Deadline in(Duration patience) {
        return new Deadline(LocalClock.system().monotonicNanos() + patience.toNanos());
    }

    public boolean isOver() {
        return LocalClock.system().monotonicNanos() - monotonicNanos >= 0;
    }

    /** Asks again and again until {@code condition} holds; fails when it did not within {@link #PATIENCE}. */
    public static void await(Supplier<String> what, Callable<Boolean> condition) throws Exception {
        Deadline deadline = in(PATIENCE);
        while (!condition.call()) {
            if (deadline.isOver()) {
                throw new AssertionError("not in time: " + what.get());
            }
            pause();
        }
    }

    /** Lets a moment pass between two looks at a condition. */
    public static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
