/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.VmClock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A segment without a file: memory, the product's writer and the product's readers, for programs that look for reorderings. Time
 * stands still, and reading a clock orders nothing. Records are numbers.
 */
public final class SegmentCell {

    /** Stands for a copy of no record: the writer had not finished one. */
    public static final int NOTHING = -1;

    /** Stands for a record that was never written. */
    public static final int MIXED = -2;

    private static final int BYTES = 192;
    private static final int CELLS = 1 << 17;
    private static final ByteBuffer MEMORY = ByteBuffer.allocateDirect(BYTES * CELLS);
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final Path NOWHERE = Path.of("/nonexistent/shm0");
    private static final LocalClock STILL = new Still();
    private static final long WITNESS = STILL.epochNanos() - STILL.monotonicNanos();
    private static final long STEP_NANOS = 1_000_000;

    private final SegmentMapping mapping;
    private final SegmentWriter writer;

    /** Takes some memory that was last used long ago, and writes record 0 into it. */
    public SegmentCell() {
        int cell = NEXT.getAndIncrement() & CELLS - 1;
        ByteBuffer bytes = MEMORY.slice(cell * BYTES, SegmentLayout.MAX_BYTES).order(ByteOrder.nativeOrder());
        bytes.putShort(14, (short) 0);
        SegmentLayout.V2.encodeHeader(bytes);
        mapping = new SegmentMapping("memory", bytes, SegmentLayout.MAX_BYTES);
        writer = new SegmentWriter(
                NOWHERE, SegmentLayout.V2, bytes.duplicate().order(ByteOrder.nativeOrder()), "memory");
        write(0);
    }

    /** Does what the daemon does after a poll. */
    public void write(int number) {
        writer.write(record(number), false);
    }

    /** Begins a record as the daemon does, and does not end it. */
    public void dieWriting() {
        SegmentGeneration.beginWrite(mapping.bytes());
        mapping.bytes().putLong(48, -1);
    }

    /** Copies the record as a reader does, and returns its number. */
    public int read() {
        ByteBuffer copy = mapping.copy();
        if (copy == null) {
            return NOTHING;
        }
        try {
            SegmentRecord record = SegmentLayout.V2.decode(copy);
            int number = (int) (record.bound().correctionNanos() / STEP_NANOS);
            ClockErrorBound whole = decoded(record(number));
            return record.isOurs() && record.bound().equals(whole) ? number : MIXED;
        } catch (ProtocolException e) {
            return MIXED;
        }
    }

    /** Returns a clock on it, for the threads of a service. */
    public BoundedClock open() {
        try {
            SegmentSnapshot first = SegmentSnapshot.of(mapping, SegmentSnapshot.nothing(""), STILL);
            return new SegmentClock(NOWHERE, "", STILL, new VmClock(NOWHERE), first);
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the number of the record that a reading was made from. */
    public static int numberOf(BoundedInstant now) {
        if (!now.status().isTrusted()) {
            return NOTHING;
        }
        int number = (int) ((now.latestNanos() + now.earliestNanos()) / 2 - STILL.epochNanos()) / (int) STEP_NANOS;
        // the reader adds the error of its own comparison
        long widthNanos =
                now.latestNanos() - now.earliestNanos() - 2 * record(number).boundNanos();
        return 0 <= widthNanos && widthNanos <= 4 ? number : MIXED;
    }

    private static ClockErrorBound record(int number) {
        long now = STILL.monotonicNanos();
        return new ClockErrorBound(
                now - number,
                now + 1_000_000_000L + number,
                number * STEP_NANOS,
                1_000 + number,
                0,
                ClockStatus.SYNCHRONIZED,
                WITNESS,
                null);
    }

    /** The as-of is written 100 ms too early. */
    private static ClockErrorBound decoded(ClockErrorBound bound) {
        return new ClockErrorBound(
                bound.asOfNanos() - 100_000_000,
                bound.voidAfterNanos(),
                bound.correctionNanos(),
                bound.boundNanos(),
                0,
                bound.status(),
                WITNESS,
                null);
    }

    /** Clocks that stand still. */
    private static final class Still implements LocalClock {

        private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

        @Override
        public Instant instant() {
            return NOW;
        }

        @Override
        public long monotonicNanos() {
            return 1_000_000_000_000L;
        }
    }
}
