/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.LocalClock;
import io.clockbound.Witness;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a reader took over from a segment, and the numbers by which it sees that the segment says the same.
 *
 * @param segment where it is from
 * @param generation the number that the record had
 * @param asOfSeconds with the next, the as-of as it is written: after 32 767 updates the generation alone is the same again
 * @param asOfNanos the rest of the second
 * @param record what it says
 * @param bound the same, to be read with this reader's clocks
 * @param witness taken by the reader because the writer took none
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

    /** What a clock knows after it was closed. */
    static final SegmentSnapshot CLOSED = nothing("the clock is closed");

    /** No generation has this number: that of a record that is not finished. */
    static final int NEVER = -1;

    /** Returns what is known without a segment. */
    static SegmentSnapshot nothing(String problem) {
        return new SegmentSnapshot(SegmentMapping.NONE, 0, 0, 0, UNKNOWN, UNKNOWN.bound(), null, problem);
    }

    /**
     * Takes over what a segment says now.
     *
     * @param previous what was known before; it goes on, and ages, while the writer does not finish a record
     * @param local takes the witness when the writer did not
     * @throws ProtocolException when it is no segment of this kind any more, or a longer one
     */
    static SegmentSnapshot of(SegmentMapping segment, SegmentSnapshot previous, LocalClock local)
            throws ProtocolException {
        ByteBuffer copy = segment.copy();
        if (copy == null) {
            return segment == previous.segment
                    ? previous
                    : new SegmentSnapshot(
                            segment, NEVER, 0, 0, UNKNOWN, UNKNOWN.bound(), null, "it is not written yet");
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

    /** Tells whether the record could be trusted if this reader's clocks were as far apart as the writer's. */
    boolean isOfOtherClocks() {
        return record.bound().status() != bound.status();
    }

    /** Tells whether readings must be compared with the VMClock. */
    boolean hasVmClock() {
        return bound.vmClock() != null;
    }

    /** Tells whether the segment still says the same. */
    boolean isCurrent() {
        ByteBuffer bytes = segment.bytes();
        return SegmentGeneration.acquire(bytes) == generation
                && bytes.getLong(SegmentLayout.AS_OF_SECONDS) == asOfSeconds
                && bytes.getLong(SegmentLayout.AS_OF_NANOS) == asOfNanos;
    }

    /** Returns the witness for a record without one: that taken first for its as-of, for a later one would hide a step. */
    private Witness witnessOf(SegmentRecord record, LocalClock local) {
        return witness != null && bound.asOfNanos() == record.bound().asOfNanos() ? witness : Witness.take(local);
    }
}
