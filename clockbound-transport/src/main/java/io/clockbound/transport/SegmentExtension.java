/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.VmClockCounters;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The part that this program appends to a segment of layout 2, for its own readers: the witness, the correction, the half
 * width around the corrected clock and the VMClock's generation, tied to the record before it.
 *
 * <p>Other programs that write into the segment know its first 80 bytes and leave the rest unchanged. A check value therefore
 * covers the record and the extension: it does not match after a write by another program, or by two programs at once, and
 * the extension is then ignored. The table and the formula are in {@code docs/PROTOCOL.md}.
 */
final class SegmentExtension {

    /** The offset of the extension: the end of layout 2. */
    static final int OFFSET = 80;

    /** The size of a segment with the extension. */
    static final int END = 136;

    private static final long MAGIC = 0x434C4B424E444A32L;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private static final int WITNESS = 88;
    private static final int CORRECTION = 96;
    private static final int HALF_WIDTH = 104;
    private static final int VM_GENERATION = 112;
    private static final int IS_VM_CLOCK_WATCHED = 120;
    private static final int CHECK = 128;

    private SegmentExtension() {}

    /**
     * Appends the extension to a complete record.
     *
     * @param record private memory: the check must not cover bytes that another program has changed
     */
    static void encode(ClockErrorBound bound, ByteBuffer record) {
        VmClockCounters vmClock = bound.vmClock();
        record.putLong(OFFSET, MAGIC);
        record.putLong(WITNESS, bound.witnessNanos());
        record.putLong(CORRECTION, bound.correctionNanos());
        record.putLong(HALF_WIDTH, bound.boundNanos());
        record.putLong(VM_GENERATION, vmClock == null ? 0 : vmClock.generation());
        record.putLong(IS_VM_CLOCK_WATCHED, vmClock == null ? 0 : 1);
        record.putLong(CHECK, check(record));
    }

    /** Tells whether a copy of a segment has an extension that belongs to its record. */
    static boolean isIn(ByteBuffer copy) {
        return copy.capacity() >= END
                && SegmentLayout.size(copy) >= END
                && copy.getLong(OFFSET) == MAGIC
                && copy.getLong(CHECK) == check(copy);
    }

    /**
     * Returns a record with the fields of its extension.
     *
     * @param plain the record without the extension
     * @param marker the value at the offset of the disruption marker
     * @throws ProtocolException when a field is out of its range
     */
    static ClockErrorBound decode(ClockErrorBound plain, long marker, ByteBuffer copy) throws ProtocolException {
        long correctionNanos = copy.getLong(CORRECTION);
        long halfWidthNanos = copy.getLong(HALF_WIDTH);
        boolean isCorrection =
                Math.abs(Math.max(correctionNanos, -Long.MAX_VALUE)) <= SegmentLayout.UNTRUSTED_BOUND_NANOS;
        if (!isCorrection || halfWidthNanos <= 0) { // a larger one added to the wall clock is beyond a long
            throw new ProtocolException("its correction of " + correctionNanos + " ns and half width of "
                    + halfWidthNanos + " ns are no interval");
        }
        return new ClockErrorBound(
                plain.asOfNanos(),
                plain.voidAfterNanos(),
                correctionNanos,
                halfWidthNanos,
                plain.maxDriftPpb(),
                plain.status(),
                copy.getLong(WITNESS),
                vmClock(marker, copy));
    }

    private static @Nullable VmClockCounters vmClock(long marker, ByteBuffer copy) {
        return copy.getLong(IS_VM_CLOCK_WATCHED) == 0 ? null : new VmClockCounters(marker, copy.getLong(VM_GENERATION));
    }

    /** Returns a check value; a change of any single word changes it, and other changes are missed with probability 2⁻⁶⁴. */
    private static long check(ByteBuffer copy) {
        long check = 0;
        for (int offset = SegmentLayout.HEADER_BYTES; offset < CHECK; offset += Long.BYTES) {
            check = (check ^ copy.getLong(offset)) * MULTIPLIER;
            check ^= check >>> 32;
        }
        return check;
    }
}
