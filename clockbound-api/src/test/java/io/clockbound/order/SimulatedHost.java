/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;

/**
 * A host whose clock is off in offset and rate, is bounded wide or narrow, loses trust and finds it again, and is suspended at times.
 *
 * <p>Its interval is as unhelpful as its bound allows: true time most often lies at one end.
 */
final class SimulatedHost implements BoundedClock {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long MAX_DRIFT_PPB = 50_000;

    final String name;
    private final VirtualTime time;
    private final SimulatedClock machine = new SimulatedClock(START);
    private final double lie;

    private ClockStatus status = ClockStatus.UNKNOWN;
    private long asOfNanos;
    private long middleNanos;
    private long boundNanos;
    private long suspendedUntilNanos;

    int losses;
    int misses;

    SimulatedHost(String name, VirtualTime time, double lie) {
        this.name = name;
        this.time = time;
        this.lie = lie;
        machine.oscillateAt(time.between(-MAX_DRIFT_PPB, MAX_DRIFT_PPB));
        time.after(this, 0, this::suffer);
    }

    /** Lets the machine catch up with virtual time. */
    void advance() {
        machine.advanceNanos(Math.max(0, time.nowNanos() - machine.elapsedNanos()));
    }

    long suspendedUntilNanos() {
        return suspendedUntilNanos;
    }

    long trueNanos() {
        return machine.trueNanos();
    }

    @Override
    public BoundedInstant read() {
        if (!status.isTrusted()) {
            return BoundedInstant.unbounded(status);
        }
        long ageNanos = machine.monotonicNanos() - asOfNanos;
        long halfWidthNanos = boundNanos + ageNanos * (MAX_DRIFT_PPB + 10) / VirtualTime.SECOND + 2;
        BoundedInstant now = new BoundedInstant(
                middleNanos + ageNanos - halfWidthNanos, middleNanos + ageNanos + halfWidthNanos, status);
        boolean isHit = now.earliestNanos() <= machine.trueNanos() && machine.trueNanos() <= now.latestNanos();
        misses += isHit ? 0 : 1;
        return now;
    }

    private void suffer() {
        switch (time.random.nextInt(8)) {
            case 0 -> distrust(time.random.nextBoolean() ? ClockStatus.UNKNOWN : ClockStatus.DISRUPTED);
            case 1 -> suspend();
            case 2 -> synchronize(time.logUniform(30 * VirtualTime.MILLI, 3 * VirtualTime.SECOND));
            case 3 -> machine.oscillateAt(time.between(-MAX_DRIFT_PPB, MAX_DRIFT_PPB));
            default -> synchronize(time.logUniform(VirtualTime.MICRO, 30 * VirtualTime.MILLI));
        }
        time.after(this, time.logUniform(VirtualTime.MILLI, VirtualTime.SECOND), this::suffer);
    }

    private void distrust(ClockStatus loss) {
        losses++;
        status = loss;
    }

    /** Stops the machine, whose monotonic clock does not notice; the loss of trust is what a step of the wall clock shows. */
    private void suspend() {
        long nanos = time.logUniform(VirtualTime.MILLI, 2 * VirtualTime.SECOND);
        suspendedUntilNanos = time.nowNanos() + nanos;
        machine.suspend(Duration.ofNanos(nanos), true);
        distrust(ClockStatus.DISRUPTED);
    }

    private void synchronize(long errorBoundNanos) {
        long errorNanos = switch (time.random.nextInt(3)) {
            case 0 -> errorBoundNanos;
            case 1 -> -errorBoundNanos;
            default -> time.between(-errorBoundNanos, errorBoundNanos);
        };
        status = time.isOneIn(4) ? ClockStatus.FREE_RUNNING : ClockStatus.SYNCHRONIZED;
        asOfNanos = machine.monotonicNanos();
        middleNanos = machine.trueNanos() + Math.round(lie * errorNanos);
        boundNanos = errorBoundNanos;
    }

    @Override
    public SimulatedClock local() {
        return machine;
    }

    @Override
    public String description() {
        return name;
    }

    @Override
    public void close() {}
}
