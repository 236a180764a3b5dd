/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The 16-bit number in a segment that tells readers whether what they copied is whole: odd while the writer writes, 0 before
 * it ever did, another even number after each time.
 *
 * <p>Readers and writers are in different processes; there is one writer. The buffers are mapped files.
 */
final class SegmentGeneration {

    private static final VarHandle SHORTS =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final int OFFSET = 14;
    private static final int LARGEST = 0xffff;

    /** What follows the largest: 0 is kept for segments that were never written. */
    private static final int FIRST = 2;

    private SegmentGeneration() {}

    /** Tells whether a record under this number is whole. */
    static boolean isWhole(int generation) {
        return generation != 0 && (generation & 1) == 0;
    }

    /** Reads the number; what is read from the segment after this is not older than it. */
    static int acquire(ByteBuffer segment) {
        return Short.toUnsignedInt((short) SHORTS.getAcquire(segment, OFFSET));
    }

    /** Returns the number in a copy, which nobody changes. */
    static int of(ByteBuffer copy) {
        return Short.toUnsignedInt(copy.getShort(OFFSET));
    }

    /** Tells whether what was read from the segment since {@link #acquire} belongs to the number that it returned. */
    static boolean isStill(ByteBuffer segment, int generation) {
        VarHandle.loadLoadFence();
        return Short.toUnsignedInt((short) SHORTS.getOpaque(segment, OFFSET)) == generation;
    }

    /** Makes the number odd, which it may be already when a writer was killed, before anything else is written. */
    static void beginWrite(ByteBuffer segment) {
        int odd = acquire(segment) | 1;
        SHORTS.setOpaque(segment, OFFSET, (short) odd);
        VarHandle.storeStoreFence();
    }

    /** Makes the number the next even one, after everything else was written, and returns it. */
    static int endWrite(ByteBuffer segment) {
        int odd = acquire(segment);
        int even = odd == LARGEST ? FIRST : odd + 1;
        SHORTS.setRelease(segment, OFFSET, (short) even);
        return even;
    }
}
