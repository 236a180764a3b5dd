/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.Witness;

/**
 * What a segment says.
 *
 * @param bound what its writer's poll established; its witness is 0 when the record is not ours
 * @param isOurs whether this program wrote it: then it has a witness, a correction, and both counters of a VMClock that is
 *     watched
 */
record SegmentRecord(ClockErrorBound bound, boolean isOurs) {

    /** Returns the bound with a witness that was taken by a reader, whose uncertainty widens it. */
    ClockErrorBound boundWith(Witness witness) {
        long boundNanos = Math.min(bound.boundNanos(), Long.MAX_VALUE - witness.errorNanos()) + witness.errorNanos();
        return new ClockErrorBound(
                bound.asOfNanos(),
                bound.voidAfterNanos(),
                bound.correctionNanos(),
                boundNanos,
                bound.maxDriftPpb(),
                bound.status(),
                witness.nanos(),
                bound.vmClock());
    }
}
