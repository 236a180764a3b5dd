/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Prints how many commits a second wait for bounds of three sizes, on the clocks of this machine: the table of docs/ORDERING.md. */
final class CommitWaitSpeed {

    private static final long ROUND_NANOS = 2_000_000_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private CommitWaitSpeed() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("| half width | one after the other | in batches of 100 | on 64 threads |");
        System.out.println("|---|---|---|---|");
        for (Duration bound : List.of(Duration.ofNanos(30_000), Duration.ofMillis(1), Duration.ofMillis(30))) {
            perSecond(bound, 1, 1); // until the code is compiled
            System.out.printf(
                    "| %d µs | %.0f/s | %.0f/s | %.0f/s |%n",
                    bound.toNanos() / 1_000, perSecond(bound, 1, 1), perSecond(bound, 100, 1), perSecond(bound, 1, 64));
        }
    }

    private static double perSecond(Duration bound, int batch, int threads) throws Exception {
        CommitTimestamps timestamps = new CommitTimestamps(new FixedBoundClock(bound.toNanos()), MINUTE);
        LocalClock local = LocalClock.system();
        AtomicLong commits = new AtomicLong();
        long beganNanos = local.monotonicNanos();
        Callable<Void> session = () -> {
            while (local.monotonicNanos() - beganNanos < ROUND_NANOS) {
                HybridTimestamp last = timestamps.next();
                for (int i = 1; i < batch; i++) {
                    last = timestamps.next();
                }
                timestamps.awaitVisible(last, MINUTE);
                commits.addAndGet(batch);
            }
            return null;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            pool.invokeAll(Collections.nCopies(threads, session));
        } finally {
            pool.shutdownNow();
        }
        return commits.get() * 1e9 / (local.monotonicNanos() - beganNanos);
    }

    private record FixedBoundClock(long boundNanos) implements BoundedClock {

        @Override
        public BoundedInstant read() {
            long wallNanos = local().epochNanos();
            return new BoundedInstant(wallNanos - boundNanos, wallNanos + boundNanos, ClockStatus.SYNCHRONIZED);
        }

        @Override
        public String description() {
            return "this machine, ±" + boundNanos + " ns";
        }

        @Override
        public void close() {}
    }
}
