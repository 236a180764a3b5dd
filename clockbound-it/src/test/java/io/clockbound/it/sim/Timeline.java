/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.testing.SimulatedClock;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** True time, the clocks of the simulated machine, what will happen to it, and the chance that decides. */
final class Timeline {

    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    private record Event(long atNanos, long number, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));
    private long planned;

    final Random random;
    final SimulatedClock clock;

    Timeline(long seed, Instant start) {
        random = new Random(seed);
        clock = new SimulatedClock(start);
    }

    /** Returns how much true time has passed. */
    long nowNanos() {
        return clock.elapsedNanos();
    }

    /** Does something after some time. */
    void after(long nanos, Runnable action) {
        events.add(new Event(nowNanos() + Math.max(0, nanos), planned++, action));
    }

    /** Returns how long it is until the next thing happens. */
    long untilNextNanos() {
        Event next = events.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, next.atNanos - nowNanos());
    }

    /** Lets time pass, and everything happen that is due meanwhile; an event may itself let time pass. */
    void advance(long nanos) {
        long endNanos = nowNanos() + nanos;
        for (Event next = events.peek(); next != null && next.atNanos <= endNanos; next = events.peek()) {
            events.remove();
            clock.advanceNanos(Math.max(0, next.atNanos - nowNanos()));
            next.action.run();
        }
        clock.advanceNanos(Math.max(0, endNanos - nowNanos()));
    }

    boolean isOneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** Returns true with that probability. */
    boolean is(double probability) {
        return random.nextDouble() < probability;
    }

    /** Returns a number from {@code minimum} to {@code maximum}, both included. */
    long between(long minimum, long maximum) {
        return minimum >= maximum ? minimum : random.nextLong(minimum, maximum + 1);
    }

    double between(double minimum, double maximum) {
        return minimum >= maximum ? minimum : random.nextDouble(minimum, maximum);
    }

    /** Returns a number whose logarithm is distributed evenly. */
    long logUniform(double minimum, double maximum) {
        return Math.round(Math.exp(random.nextDouble(Math.log(minimum), Math.log(maximum))));
    }

    /** Returns a time that is distributed exponentially. */
    double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }
}
