/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import java.time.Duration;
import java.time.Instant;

/**
 * A bounded clock that says what a test told it.
 *
 * <p>At first its status is UNKNOWN. An interval moves on with the simulated clock, which moves when a test says so or
 * somebody waits: {@code clock.local().advance(...)}. The methods that change it return it. Thread-safe.
 */
public final class FakeBoundedClock implements BoundedClock {

    private final SimulatedClock local;
    private volatile Told told;
    private volatile boolean isClosed;

    /** Creates a clock on a machine of its own, which {@link #local} gives. */
    public FakeBoundedClock(Instant trueTime) {
        this(new SimulatedClock(trueTime));
    }

    /** Creates a clock on a simulated machine. */
    public FakeBoundedClock(SimulatedClock local) {
        this.local = local;
        this.told = new Told(BoundedInstant.unbounded(ClockStatus.UNKNOWN), local.monotonicNanos());
    }

    /** Says that true time is at most {@code halfWidth} away from the wall clock, with status SYNCHRONIZED. */
    public FakeBoundedClock within(Duration halfWidth) {
        Instant wall = local.instant();
        return set(new BoundedInstant(
                BoundedInstant.epochNanos(wall.minus(halfWidth)),
                BoundedInstant.epochNanos(wall.plus(halfWidth)),
                ClockStatus.SYNCHRONIZED));
    }

    /** Says that the clock cannot be trusted. */
    public FakeBoundedClock untrusted(ClockStatus status) {
        return set(BoundedInstant.unbounded(status));
    }

    /** Says this; from then on it moves with the simulated clock. */
    public FakeBoundedClock set(BoundedInstant now) {
        told = new Told(now, local.monotonicNanos());
        return this;
    }

    @Override
    public BoundedInstant read() {
        if (isClosed) {
            throw new IllegalStateException("the fake clock is closed");
        }
        Told last = told;
        return last.now.status().isTrusted() ? last.at(local.monotonicNanos()) : last.now;
    }

    @Override
    public String description() {
        return "fake";
    }

    @Override
    public SimulatedClock local() {
        return local;
    }

    @Override
    public String toString() {
        return "a fake clock";
    }

    @Override
    public void close() {
        isClosed = true;
    }

    private record Told(BoundedInstant now, long atNanos) {

        BoundedInstant at(long monotonicNanos) {
            long sinceNanos = monotonicNanos - atNanos;
            return new BoundedInstant(
                    moved(now.earliestNanos(), sinceNanos), moved(now.latestNanos(), sinceNanos), now.status());
        }

        /** The ends of the time line stay where they are. */
        private static long moved(long endNanos, long sinceNanos) {
            return endNanos == Long.MIN_VALUE ? endNanos : Math.min(endNanos, Long.MAX_VALUE - sinceNanos) + sinceNanos;
        }
    }
}
