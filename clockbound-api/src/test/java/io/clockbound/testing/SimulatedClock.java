/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The two clocks of a simulated machine, and true time beside them.
 *
 * <p>Time passes only when a test says so, or somebody waits. The wall clock starts without error. Both clocks run at
 * the same frequency, the oscillator's plus that of a slew; only a step or a suspend moves them apart. Thread-safe.
 */
public final class SimulatedClock implements LocalClock {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final TreeMap<Long, Runnable> beforeReadings = new TreeMap<>();
    private final TreeMap<Long, Runnable> delayed = new TreeMap<>();
    private long elapsedNanos;
    private long trueMinusElapsedNanos;
    private long monotonicNanos = 1_000 * NANOS_PER_SECOND;
    private long wallMinusMonotonicNanos;
    private long oscillatorPpb;
    private long slewPpb;
    private long carriedNanosPerBillion;
    private long readingCostNanos;
    private long readings;

    /** Creates a machine that booted 1000 s before {@code trueTime}. */
    public SimulatedClock(Instant trueTime) {
        trueMinusElapsedNanos = BoundedInstant.epochNanos(trueTime);
        wallMinusMonotonicNanos = trueMinusElapsedNanos - monotonicNanos;
    }

    /** Returns true time in nanoseconds since the Unix epoch. */
    public synchronized long trueNanos() {
        return trueMinusElapsedNanos + elapsedNanos;
    }

    /** Returns how much true time has passed since the creation, in nanoseconds; leap seconds do not disturb it. */
    public synchronized long elapsedNanos() {
        return elapsedNanos;
    }

    /** Returns wall clock minus true time in nanoseconds; positive means fast. */
    public synchronized long wallErrorNanos() {
        return wallMinusMonotonicNanos + monotonicNanos - trueNanos();
    }

    /** Lets true time pass. */
    public void advance(Duration trueTime) {
        advanceNanos(trueTime.toNanos());
    }

    /**
     * Lets true time pass, then runs what was {@link #delayed} until then. Fractions of a nanosecond of the clocks are
     * carried over, so that no error adds up.
     */
    public void advanceNanos(long nanos) {
        pass(nanos);
        for (Runnable due = nextDue(); due != null; due = nextDue()) {
            due.run();
        }
    }

    private synchronized void pass(long nanos) {
        long frequencyPpb = oscillatorPpb + slewPpb;
        long billionths = nanos % NANOS_PER_SECOND * frequencyPpb + carriedNanosPerBillion;
        carriedNanosPerBillion = Math.floorMod(billionths, NANOS_PER_SECOND);
        elapsedNanos += nanos;
        monotonicNanos += nanos + nanos / NANOS_PER_SECOND * frequencyPpb + Math.floorDiv(billionths, NANOS_PER_SECOND);
    }

    /** Makes the oscillator run fast by so many ppb from now on. */
    public synchronized void oscillateAt(long ppb) {
        oscillatorPpb = ppb;
    }

    /** Makes the kernel run both clocks fast by so many ppb from now on, as a synchronisation daemon tells it to. */
    public synchronized void slewAt(long ppb) {
        slewPpb = ppb;
    }

    /** Moves the wall clock, and only it. */
    public void stepWall(Duration by) {
        stepWallNanos(by.toNanos());
    }

    /** Moves the wall clock, and only it. */
    public synchronized void stepWallNanos(long nanos) {
        wallMinusMonotonicNanos += nanos;
    }

    /**
     * Lets true time pass while the machine does not run.
     *
     * @param isWallSetRight whether the wall clock is moved on by as much at the end; otherwise nothing shows it
     */
    public synchronized void suspend(Duration trueTime, boolean isWallSetRight) {
        elapsedNanos += trueTime.toNanos();
        if (isWallSetRight) {
            stepWall(trueTime);
        }
    }

    /**
     * Makes true time, as Unix time counts it, repeat a second ({@code +1} inserted) or skip one ({@code -1}); no
     * clock follows.
     */
    public synchronized void leap(int insertedSeconds) {
        trueMinusElapsedNanos -= insertedSeconds * NANOS_PER_SECOND;
    }

    /** Makes each later reading take some true time, which passes before the clock is looked at. */
    public synchronized void readingCosts(Duration trueTime) {
        readingCostNanos = trueTime.toNanos();
    }

    /**
     * Does something just before a later reading, once.
     *
     * @param nth 1 for the next reading of any of the clocks
     */
    public synchronized void beforeReading(int nth, Runnable action) {
        beforeReadings.put(readings + nth, action);
    }

    /** Forgets what {@link #beforeReading} planned. */
    public synchronized void readUndisturbed() {
        beforeReadings.clear();
    }

    /** Lets so much time pass, unless the thread is interrupted. */
    @Override
    public void parkNanos(long nanos) {
        if (!Thread.currentThread().isInterrupted()) {
            advanceNanos(nanos);
        }
    }

    /** Returns an executor whose work is done by the thread that lets so much time pass. */
    @Override
    public Executor delayed(long nanos) {
        return work -> delay(work, nanos);
    }

    private synchronized void delay(Runnable work, long nanos) {
        delayed.merge(monotonicNanos + nanos, work, (first, second) -> () -> {
            first.run();
            second.run();
        });
    }

    private synchronized @Nullable Runnable nextDue() {
        boolean isDue = !delayed.isEmpty() && delayed.firstKey() <= monotonicNanos;
        return isDue ? delayed.pollFirstEntry().getValue() : null;
    }

    @Override
    public synchronized long monotonicNanos() {
        read();
        return monotonicNanos;
    }

    @Override
    public synchronized Instant instant() {
        read();
        return Instant.ofEpochSecond(0, wallMinusMonotonicNanos + monotonicNanos);
    }

    private void read() {
        readings++;
        Runnable action = beforeReadings.remove(readings);
        if (action != null) {
            action.run();
        }
        pass(readingCostNanos);
    }
}
