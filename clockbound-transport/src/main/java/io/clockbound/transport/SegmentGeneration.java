/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The 16-bit number in a segment by which readers detect torn copies: 0 before the first write, odd during each write, and the
 * next even number after it.
 *
 * <p>Readers and the one writer are in different processes. The buffers are mapped files.
 */
final class SegmentGeneration {

    private static final VarHandle SHORTS =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final int OFFSET = 14;
    private static final int LARGEST = 0xffff;

    /** The number after the largest: 0 is reserved for segments that were never written. */
    private static final int FIRST = 2;

    private SegmentGeneration() {}

    /** Tells whether a record with this number is complete. */
    static boolean isWhole(int generation) {
        return generation != 0 && (generation & 1) == 0;
    }

    /** Reads the number; later reads from the segment return nothing older. */
    static int acquire(ByteBuffer segment) {
        return Short.toUnsignedInt((short) SHORTS.getAcquire(segment, OFFSET));
    }

    /** Returns the number in a private copy. */
    static int of(ByteBuffer copy) {
        return Short.toUnsignedInt(copy.getShort(OFFSET));
    }

    /** Tells whether everything read since {@link #acquire} belongs to the number that it returned. */
    static boolean isStill(ByteBuffer segment, int generation) {
        VarHandle.loadLoadFence();
        return Short.toUnsignedInt((short) SHORTS.getOpaque(segment, OFFSET)) == generation;
    }

    /** Makes the number odd before anything else is written; it already is when a writer was killed in mid-write. */
    static void beginWrite(ByteBuffer segment) {
        int odd = acquire(segment) | 1;
        SHORTS.setOpaque(segment, OFFSET, (short) odd);
        VarHandle.storeStoreFence();
    }

    /** Sets the next even number after everything else has been written, and returns it. */
    static int endWrite(ByteBuffer segment) {
        int odd = acquire(segment);
        int even = odd == LARGEST ? FIRST : odd + 1;
        SHORTS.setRelease(segment, OFFSET, (short) even);
        return even;
    }
}
