/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.VmClockCounters;
import io.clockbound.Witness;
import java.util.concurrent.TimeUnit;

/**
 * What a segment says.
 *
 * @param bound what its writer's poll established; its witness is 0 when the record is not ours
 * @param isOurs whether this program wrote it: then it has a witness, a correction, and both counters of a VMClock that is
 *     watched
 */
record SegmentRecord(ClockErrorBound bound, boolean isOurs) {

    /**
     * How far the writer's witness may be off, beyond what the reader knows of its own: interpreted code needs a µs or two
     * between the clocks, slow clock sources several. A generous limit is no risk, for what it lets pass widens the bound.
     */
    private static final long WRITER_TOLERANCE_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    /** Returns what of a bound there is in layout 1. */
    static ClockErrorBound plain(ClockErrorBound bound) {
        return new ClockErrorBound(
                bound.asOfNanos(),
                bound.voidAfterNanos(),
                0,
                bound.symmetricBoundNanos(),
                bound.maxDriftPpb(),
                bound.status(),
                0,
                null);
    }

    /**
     * Returns the bound for a reader that has compared the clocks itself. Without a witness of the writer's it takes the
     * reader's. Otherwise the two must agree, for slews move both clocks alike: when they don't, the wall clock was
     * stepped, or the reader's monotonic clock is not the writer's, and the bound is DISRUPTED.
     *
     * <p>What may hide below that limit widens the bound. Where w is the true difference of the reader's clocks, true time
     * is within the writer's bound of {@code m + w + correction}, and {@code |w − writer's witness|} is at most what lies
     * between the two witnesses and the uncertainty of the reader's.
     */
    ClockErrorBound boundWith(Witness own) {
        if (!isOurs) {
            return bound(own.nanos(), own.errorNanos());
        }
        if (!bound.statusAt(own.takenNanos()).isTrusted()) {
            return bound;
        }
        long apartNanos = Math.abs(own.nanos() - bound.witnessNanos());
        boolean isSame = 0 <= apartNanos && apartNanos <= own.errorNanos() + WRITER_TOLERANCE_NANOS;
        return isSame
                ? bound(bound.witnessNanos(), apartNanos + own.errorNanos())
                : bound.withStatus(ClockStatus.DISRUPTED);
    }

    /** Tells whether the VMClock says that the clock was disrupted since the record was made. */
    boolean isDisrupted(VmClockCounters now) {
        VmClockCounters then = bound.vmClock();
        if (then == null) {
            return false;
        }
        boolean isOtherGeneration = isOurs && then.generation() != now.generation(); // others know only the marker
        return isOtherGeneration || then.disruptionMarker() != now.disruptionMarker();
    }

    private ClockErrorBound bound(long witnessNanos, long moreNanos) {
        return new ClockErrorBound(
                bound.asOfNanos(),
                bound.voidAfterNanos(),
                bound.correctionNanos(),
                Math.min(bound.boundNanos(), Long.MAX_VALUE - moreNanos) + moreNanos,
                bound.maxDriftPpb(),
                bound.status(),
                witnessNanos,
                bound.vmClock());
    }
}
