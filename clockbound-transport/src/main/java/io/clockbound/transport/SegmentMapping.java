/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A read-only mapping of a segment that another process writes. Thread-safe; the garbage collector unmaps it. */
final class SegmentMapping {

    /** Stands for a missing segment: one that was never written. */
    static final SegmentMapping NONE = new SegmentMapping(
            "none", ByteBuffer.allocateDirect(SegmentLayout.MAX_BYTES).order(ByteOrder.nativeOrder()), 0);

    /** How often a record that changes during the copy is copied again: about ten times as long as a write takes. */
    private static final int ATTEMPTS = 1_000;

    private final Object fileKey;
    private final ByteBuffer bytes;
    private final long namedBytes;

    SegmentMapping(Object fileKey, ByteBuffer bytes, long namedBytes) {
        this.fileKey = fileKey;
        this.bytes = bytes;
        this.namedBytes = namedBytes;
    }

    /**
     * Maps a segment.
     *
     * @throws IOException when the file does not exist, cannot be read or is not a segment
     */
    static SegmentMapping open(Path path) throws IOException {
        return DeferredInterrupts.call(() -> {
            Object fileKey = fileKey(path); // read first: if the file is replaced meanwhile, the next check notices
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                ByteBuffer header =
                        ByteBuffer.allocate(SegmentLayout.HEADER_BYTES).order(ByteOrder.nativeOrder());
                if (channel.read(header, 0) < SegmentLayout.HEADER_BYTES) {
                    throw new ProtocolException("it is too short for a ClockBound segment");
                }
                SegmentLayout.of(header, channel.size());
                long named = SegmentLayout.size(header);
                long known = Math.min(named & -Long.BYTES, SegmentLayout.MAX_BYTES);
                ByteBuffer bytes = channel.map(MapMode.READ_ONLY, 0, known).order(ByteOrder.nativeOrder());
                return new SegmentMapping(fileKey, bytes, named);
            }
        });
    }

    /** Returns the part of the segment that this program knows, including the header. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Returns the size in its header when it was mapped. */
    long namedBytes() {
        return namedBytes;
    }

    /** Returns a copy of a single write; null when nothing was ever written or the writer does not finish. */
    @Nullable
    ByteBuffer copy() {
        ByteBuffer copy = ByteBuffer.allocate(bytes.capacity()).order(ByteOrder.nativeOrder());
        for (int i = 0; i < ATTEMPTS; i++) {
            int generation = SegmentGeneration.acquire(bytes);
            if (generation == 0) {
                return null;
            }
            if (SegmentGeneration.isWhole(generation)) {
                for (int offset = 0; offset < copy.capacity(); offset += Long.BYTES) {
                    copy.putLong(offset, bytes.getLong(offset));
                }
                if (SegmentGeneration.isStill(bytes, generation)) {
                    return copy;
                }
            }
        }
        return null;
    }

    /** Returns the state of the file under the path at which it was mapped. */
    SegmentFileState stateAt(Path path) {
        return SegmentFileState.of(path, fileKey, namedBytes);
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
