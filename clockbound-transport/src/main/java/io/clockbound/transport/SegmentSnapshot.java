/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.LocalClock;
import io.clockbound.Witness;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A reader's copy of a segment's record, and the numbers by which the reader notices that the segment has changed.
 *
 * @param segment the segment that was copied
 * @param generation the generation of the record
 * @param asOfSeconds the seconds of the as-of as it is stored: after 32 767 updates the generation alone is the same again
 * @param asOfNanos the nanoseconds of the as-of as it is stored
 * @param record the record
 * @param bound the bound of the record for this reader's clocks
 * @param witness the reader's witness, when the writer has none
 * @param problem why there is no record; empty when there is one
 */
record SegmentSnapshot(
        SegmentMapping segment,
        int generation,
        long asOfSeconds,
        long asOfNanos,
        SegmentRecord record,
        ClockErrorBound bound,
        @Nullable Witness witness,
        String problem) {

    private static final SegmentRecord UNKNOWN = new SegmentRecord(ClockErrorBound.unknown(), false);

    /** The snapshot of a closed clock. */
    static final SegmentSnapshot CLOSED = nothing("the clock is closed");

    /** The generation of a record that is not finished; no segment has this number. */
    static final int UNFINISHED = -1;

    /** Returns a snapshot without a record. */
    static SegmentSnapshot nothing(String problem) {
        return new SegmentSnapshot(SegmentMapping.NONE, 0, 0, 0, UNKNOWN, UNKNOWN.bound(), null, problem);
    }

    /**
     * Copies the current record of a segment.
     *
     * @param previous the snapshot before; it stays valid, and ages, until the writer finishes a record
     * @param local takes the witness when the writer has none
     * @throws ProtocolException when it is no longer a segment of this layout, or has become longer
     */
    static SegmentSnapshot of(SegmentMapping segment, SegmentSnapshot previous, LocalClock local)
            throws ProtocolException {
        ByteBuffer copy = segment.copy();
        if (copy == null) {
            return segment == previous.segment
                    ? previous
                    : new SegmentSnapshot(
                            segment, UNFINISHED, 0, 0, UNKNOWN, UNKNOWN.bound(), null, "it is not written yet");
        }
        SegmentLayout layout = SegmentLayout.of(copy, segment.namedBytes());
        int generation = SegmentGeneration.of(copy);
        long seconds = copy.getLong(SegmentLayout.AS_OF_SECONDS);
        long nanos = copy.getLong(SegmentLayout.AS_OF_NANOS);
        SegmentRecord record;
        try {
            record = layout.decode(copy);
        } catch (ProtocolException e) {
            return new SegmentSnapshot(
                    segment,
                    generation,
                    seconds,
                    nanos,
                    UNKNOWN,
                    UNKNOWN.bound(),
                    null,
                    String.valueOf(e.getMessage()));
        }
        Witness witness = record.isOurs() ? null : previous.witnessOf(record, local);
        ClockErrorBound bound = record.boundWith(witness == null ? Witness.take(local) : witness);
        return new SegmentSnapshot(segment, generation, seconds, nanos, record, bound, witness, "");
    }

    /** Tells whether the record is not trusted only because this reader's clocks are not as far apart as the writer's. */
    boolean isOfOtherClocks() {
        return record.bound().status() != bound.status();
    }

    /** Tells whether readings must be compared with the VMClock. */
    boolean hasVmClock() {
        return bound.vmClock() != null;
    }

    /** Tells whether the segment still has this record. */
    boolean isCurrent() {
        ByteBuffer bytes = segment.bytes();
        return SegmentGeneration.acquire(bytes) == generation
                && bytes.getLong(SegmentLayout.AS_OF_SECONDS) == asOfSeconds
                && bytes.getLong(SegmentLayout.AS_OF_NANOS) == asOfNanos;
    }

    /** Returns the witness for a record without one: the first one taken for its as-of, because a later one would hide a step. */
    private Witness witnessOf(SegmentRecord record, LocalClock local) {
        return witness != null && bound.asOfNanos() == record.bound().asOfNanos() ? witness : Witness.take(local);
    }
}
