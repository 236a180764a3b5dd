/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Several hosts in one virtual time, all drawn from one seed: what each does is cut into steps, and any time can pass between
 * two of them.
 */
final class VirtualTime {

    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    private static final double PAUSES = 0.01;

    /** What a step takes at least; two events of which one is the cause of the other are never at the same instant. */
    private static final long STEP_NANOS = 10;

    private final PriorityQueue<Step> steps =
            new PriorityQueue<>(Comparator.comparingLong(Step::atNanos).thenComparingLong(Step::number));
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private long nowNanos;
    private long scheduled;

    final Random random;

    VirtualTime(long seed) {
        random = new Random(seed);
    }

    /** Adds hosts, each with a clock of its own that errs by up to {@code lie} times its bound. */
    List<SimulatedHost> hosts(int count, double lie) {
        for (int i = 0; i < count; i++) {
            hosts.add(new SimulatedHost("host" + i, this, lie));
        }
        return hosts;
    }

    /** Returns true time, nanoseconds since the beginning. */
    long nowNanos() {
        return nowNanos;
    }

    /** Does something on a host after some time, now and then after a pause in addition. */
    void soon(SimulatedHost host, long nanos, Runnable step) {
        after(host, nanos + (random.nextDouble() < PAUSES ? logUniform(MILLI, 5 * SECOND) : 0), step);
    }

    /** Does something on a host after exactly that time, unless the host is suspended then. */
    void after(SimulatedHost host, long nanos, Runnable step) {
        steps.add(new Step(nowNanos + nanos, scheduled++, host, step));
    }

    /** Takes so many steps, or fewer when the end has come. */
    void run(int count) {
        for (int i = 0; i < count && !steps.isEmpty(); i++) {
            Step step = steps.remove();
            nowNanos = Math.max(step.atNanos, nowNanos + STEP_NANOS);
            long suspendedNanos = step.host.suspendedUntilNanos() - nowNanos;
            if (suspendedNanos > 0) {
                after(step.host, suspendedNanos, step.action);
            } else {
                step.host.advance();
                step.action.run();
            }
        }
    }

    boolean isOneIn(int n) {
        return random.nextInt(n) == 0;
    }

    long between(long minimum, long maximum) {
        return random.nextLong(minimum, maximum + 1);
    }

    long logUniform(double minimum, double maximum) {
        return Math.round(Math.exp(random.nextDouble(Math.log(minimum), Math.log(maximum))));
    }

    private record Step(long atNanos, long number, SimulatedHost host, Runnable action) {}
}
