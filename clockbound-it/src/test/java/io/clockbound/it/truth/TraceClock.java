/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.LocalClock;
import java.time.Instant;
import java.util.List;

/** The two clocks of the machine on which a trace was recorded; they were not stepped. Time is what a test says. */
final class TraceClock implements LocalClock {

    /** Any constant will do: the wall clock was never stepped. */
    private static final long WALL_MINUS_MONOTONIC_NANOS = Trace.START_NANOS - 1_000_000_000_000L;

    private final List<Trace.Truth> truth;
    private int next;
    private long trueNanos;

    TraceClock(Trace trace) {
        truth = trace.events().stream()
                .filter(Trace.Truth.class::isInstance)
                .map(Trace.Truth.class::cast)
                .toList();
        setTo(truth.get(0).trueNanos());
    }

    /** Sets true time, which never goes back. */
    void setTo(long newTrueNanos) {
        trueNanos = newTrueNanos;
        while (next < truth.size() - 1 && truth.get(next).trueNanos() < trueNanos) {
            next++;
        }
    }

    /** Returns true time in nanoseconds since the Unix epoch. */
    long trueEpochNanos() {
        return Trace.START_NANOS + trueNanos;
    }

    @Override
    public long epochNanos() {
        Trace.Truth after = truth.get(next);
        Trace.Truth before = truth.get(Math.max(0, next - 1));
        long gapNanos = after.trueNanos() - before.trueNanos();
        // between two lines the clock runs straight
        double share = gapNanos == 0 ? 1 : (double) (trueNanos - before.trueNanos()) / gapNanos;
        long movedNanos = Math.round((after.wallErrorNanos() - before.wallErrorNanos()) * share);
        return trueEpochNanos() + before.wallErrorNanos() + movedNanos;
    }

    @Override
    public long monotonicNanos() {
        return epochNanos() - WALL_MINUS_MONOTONIC_NANOS;
    }

    @Override
    public long millis() {
        return Math.floorDiv(epochNanos(), 1_000_000);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochSecond(0, epochNanos());
    }
}
