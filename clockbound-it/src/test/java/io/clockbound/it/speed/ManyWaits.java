/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import com.sun.management.OperatingSystemMXBean;
import io.clockbound.BoundedClock;
import io.clockbound.transport.ClockBoundClients;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Waits for many instants at the same time, each its own, and prints how that went. {@link WaitSpeed} starts it on each
 * runtime.
 */
final class ManyWaits {

    /** How long the instants take to come, at equal distances. */
    static final long SPREAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_LEAD_NANOS = TimeUnit.SECONDS.toNanos(16);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final BoundedClock clock;
    private final Kind kind;
    private final int count;

    /** When the first of the instants comes, after the first call: all waits have to begin before. */
    private long leadNanos = TimeUnit.SECONDS.toNanos(1);

    private ManyWaits(BoundedClock clock, Kind kind, int count) {
        this.clock = clock;
        this.kind = kind;
        this.count = count;
    }

    /** Who waits. */
    enum Kind {
        FUTURES("futures of `whenPast`") {
            @Override
            CompletableFuture<Long> begin(BoundedClock clock, Instant instant) {
                return clock.whenPast(instant, PATIENCE).thenApply(past -> clock.earliestNanos());
            }
        },
        VIRTUAL_THREADS("virtual threads in `waitUntilPast`") {
            @Override
            CompletableFuture<Long> begin(BoundedClock clock, Instant instant) throws ReflectiveOperationException {
                CompletableFuture<Long> end = new CompletableFuture<>();
                Method start = Thread.class.getMethod("startVirtualThread", Runnable.class); // since Java 21
                start.invoke(null, (Runnable) () -> waitUntilPast(clock, instant, end));
                return end;
            }
        };

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        /** Begins to wait for an instant; returns the earliest that the time can be after that. */
        abstract CompletableFuture<Long> begin(BoundedClock clock, Instant instant) throws ReflectiveOperationException;

        private static void waitUntilPast(BoundedClock clock, Instant instant, CompletableFuture<Long> end) {
            try {
                clock.waitUntilPast(instant, PATIENCE);
                end.complete(clock.earliestNanos());
            } catch (Exception e) {
                end.completeExceptionally(e);
            }
        }

        @Override
        public String toString() {
            return description;
        }
    }

    /** Prints a {@link Lateness}; the arguments are the kind, the segment and how many wait. */
    public static void main(String[] arguments) throws Exception {
        try (BoundedClock clock = ClockBoundClients.sharedMemory(Path.of(arguments[1]))) {
            ManyWaits waits = new ManyWaits(clock, Kind.valueOf(arguments[0]), Integer.parseInt(arguments[2]));
            waits.run(); // warms up
            System.out.println(waits.run().printed());
        }
    }

    /** Waits for all, again and with a longer lead where the first instant came before the last wait began. */
    private Lateness run() throws Exception {
        while (true) {
            Optional<Lateness> outcome = tryOnce();
            if (outcome.isPresent()) {
                return outcome.get();
            }
            leadNanos *= 2;
            if (leadNanos > LONGEST_LEAD_NANOS) {
                throw new IllegalStateException("this machine is too busy to begin " + count + " waits in time");
            }
        }
    }

    private Optional<Lateness> tryOnce() throws Exception {
        long processorNanos = processorNanos();
        long firstMonotonicNanos = System.nanoTime() + leadNanos;
        long firstNanos = clock.latestNanos() + leadNanos;
        long[] instants = new long[count];
        List<CompletableFuture<Long>> ends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            instants[i] = firstNanos + SPREAD_NANOS * i / (count - 1);
            ends.add(kind.begin(clock, Instant.ofEpochSecond(0, instants[i])));
        }
        boolean isInTime = clock.isFuture(firstNanos);
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        long allNanos = System.nanoTime() - firstMonotonicNanos;
        double[] late = new double[count];
        for (int i = 0; i < count; i++) {
            late[i] = ends.get(i).join() - instants[i];
        }
        double last = Arrays.stream(late).max().orElseThrow();
        double processorNanosOfEach = (double) (processorNanos() - processorNanos) / count;
        return isInTime
                ? Optional.of(new Lateness(Speed.median(late), last, allNanos, processorNanosOfEach))
                : Optional.empty();
    }

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
