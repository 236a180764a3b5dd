/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.VmClockCounters;
import io.clockbound.Witness;
import java.util.concurrent.TimeUnit;

/**
 * The record of a segment.
 *
 * @param bound the bound of its writer's poll; the witness is 0 when the record is not ours
 * @param isOurs whether this program wrote it: it then has a witness, a correction, and both counters of the VMClock if the
 *     writer watches one
 */
record SegmentRecord(ClockErrorBound bound, boolean isOurs) {

    /**
     * How wrong the writer's witness may be, beyond the error of the reader's own: interpreted code takes 1 to 2 µs between
     * the two clocks, slow clock sources several. A generous limit is safe, because every difference widens the bound.
     */
    private static final long WRITER_TOLERANCE_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    /** Returns the part of a bound that layout 1 can express. */
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
     * Returns the bound for a reader that has compared the clocks itself. If the writer has no witness, the reader's is used.
     * Otherwise the two must agree, because slews move both clocks alike: if they do not, the wall clock was stepped, or
     * reader and writer have different monotonic clocks, and the bound is DISRUPTED.
     *
     * <p>A difference below the limit widens the bound. Let w be the true difference of the reader's clocks. True time is
     * within the writer's bound of {@code m + w + correction}, and {@code |w − writer's witness|} is at most the difference
     * between the two witnesses plus the uncertainty of the reader's.
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

    /** Tells whether the VMClock has counted a disruption since the record was made. */
    boolean isDisrupted(VmClockCounters now) {
        VmClockCounters then = bound.vmClock();
        if (then == null) {
            return false;
        }
        boolean isOtherGeneration =
                isOurs && then.generation() != now.generation(); // other writers have only the marker
        return isOtherGeneration || then.disruptionMarker() != now.disruptionMarker();
    }

    private ClockErrorBound bound(long witnessNanos, long additionalNanos) {
        return new ClockErrorBound(
                bound.asOfNanos(),
                bound.voidAfterNanos(),
                bound.correctionNanos(),
                Math.min(bound.boundNanos(), Long.MAX_VALUE - additionalNanos) + additionalNanos,
                bound.maxDriftPpb(),
                bound.status(),
                witnessNanos,
                bound.vmClock());
    }
}
