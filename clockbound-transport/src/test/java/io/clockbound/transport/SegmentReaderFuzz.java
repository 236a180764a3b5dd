/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.Witness;
import io.clockbound.testing.Demand;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a program writes into a segment under a reader, in whatever order, the reader does not fail, and never trusts more
 * than some record that stood there under one even generation.
 *
 * <p>The input is what the program does: an operation, and two bytes for it.
 */
public final class SegmentReaderFuzz {

    private static final Path PATH = segment();
    private static final ByteBuffer BYTES = mapped();
    private static final int GENERATION = 14;

    private final SimulatedClock local = new SimulatedClock(Instant.parse("2026-11-24T00:00:00Z"));

    /** Everything that the reader may have copied since the generation, or the as-of, last changed. */
    private final List<SegmentModel> candidates = new ArrayList<>();

    private long seenGeneration;
    private long seenAsOf;
    private @Nullable Witness firstWitness;
    private boolean isWiped;

    private SegmentReaderFuzz() {}

    /** Takes what a writer does. */
    public static void fuzzerTestOneInput(byte[] input) {
        SegmentReaderFuzz run = new SegmentReaderFuzz();
        run.writeRecord(50_000, 0);
        run.see();
        try (SegmentClock reader = SegmentClock.open(PATH, "", run.local, PATH.resolveSibling("vmclock0"))) {
            Demand.that(reader.read().status() == ClockStatus.SYNCHRONIZED, "a valid record is trusted");
            ByteBuffer script = ByteBuffer.wrap(input);
            while (script.remaining() >= 3) {
                run.act(script.get(), script.getShort());
                run.see();
                run.judge(reader.read());
            }
        } catch (IOException e) {
            throw new AssertionError("a valid segment is opened", e);
        }
    }

    private void act(int operation, short argument) {
        int low = argument & 0xff;
        byte high = (byte) (argument >> 8);
        switch (operation & 7) {
            case 0 -> BYTES.put(16 + low % (SegmentLayout.MAX_BYTES - 16), high);
            case 1 -> SegmentGeneration.beginWrite(BYTES);
            case 2 -> SegmentGeneration.endWrite(BYTES);
            case 3 -> writeRecord(1 + (long) low * low, high * 100L);
            case 4 -> local.advanceNanos(1L << low % 41);
            case 5 -> local.stepWallNanos((high < 0 ? -1L : 1L) << (22 + low % 20));
            case 6 -> BYTES.putShort(GENERATION, argument);
            default -> BYTES.putLong(128, SegmentModel.check(BYTES));
        }
    }

    /** Does what the daemon does. */
    private void writeRecord(long boundNanos, long correctionNanos) {
        Witness witness = Witness.take(local);
        ByteBuffer record = ByteBuffer.allocate(SegmentLayout.MAX_BYTES).order(ByteOrder.nativeOrder());
        SegmentLayout.V2.encode(
                new ClockErrorBound(
                        witness.takenNanos(),
                        witness.takenNanos() + 5_100_000_000L,
                        correctionNanos,
                        boundNanos,
                        50_000,
                        ClockStatus.SYNCHRONIZED,
                        witness.nanos(),
                        null),
                false,
                record);
        SegmentGeneration.beginWrite(BYTES);
        SegmentLayout.V2.encodeHeader(BYTES);
        for (int offset = 16; offset < SegmentLayout.MAX_BYTES; offset += Long.BYTES) {
            BYTES.putLong(offset, record.getLong(offset));
        }
        SegmentGeneration.endWrite(BYTES);
    }

    /** Notes what a reader can see now. */
    private void see() {
        int generation = Short.toUnsignedInt(BYTES.getShort(GENERATION));
        if (generation % 2 == 1) {
            return;
        }
        long asOf = BYTES.getLong(16) * 31 + BYTES.getLong(24);
        if (generation == 0 || generation != seenGeneration || asOf != seenAsOf) {
            candidates.clear();
        }
        Witness now = Witness.take(local);
        Witness first = asOf == seenAsOf && firstWitness != null ? firstWitness : now;
        firstWitness = first;
        seenGeneration = generation;
        seenAsOf = asOf;
        isWiped = generation == 0;
        ByteBuffer copy = ByteBuffer.allocate(SegmentLayout.MAX_BYTES).order(ByteOrder.nativeOrder());
        copy.put(0, BYTES, 0, copy.capacity());
        candidates.add(new SegmentModel(copy, copy.capacity(), now));
        // of a record without a witness, a reader keeps the one that it took when it first saw its as-of
        candidates.add(new SegmentModel(copy, copy.capacity(), first));
    }

    private void judge(BoundedInstant reading) {
        Demand.that(!isWiped || !reading.status().isTrusted(), "a segment that was wiped is not trusted");
        boolean isAllowed = !reading.status().isTrusted();
        for (SegmentModel candidate : candidates) {
            // there is no VMClock to compare a record with
            isAllowed |= candidate.isFulfilledBy(reading, local) && !candidate.isVmClockNeeded();
        }
        Demand.that(isAllowed, "a reading is trusted only where some whole record says so, and no narrower");
    }

    private static Path segment() {
        try {
            Path directory = Files.createTempDirectory("segment-fuzz");
            directory.toFile().deleteOnExit();
            Path path = directory.resolve("shm0");
            ForeignSegment.create(path, SegmentLayout.MAX_BYTES);
            path.toFile().deleteOnExit();
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer mapped() {
        try {
            return ForeignSegment.open(PATH).bytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
