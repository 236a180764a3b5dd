/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A segment as another daemon writes it: layout 2, 80 bytes or more, no witness. */
final class ForeignSegment {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final ByteBuffer bytes;
    private int generation;

    private ForeignSegment(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    static ForeignSegment create(Path path) throws IOException {
        return create(path, 80);
    }

    static ForeignSegment create(Path path, int size) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.truncate(0).write(ByteBuffer.allocate(size));
            ByteBuffer bytes =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, size).order(ByteOrder.nativeOrder());
            bytes.putInt(0, 0x414D5A4E).putInt(4, 0x43420200).putInt(8, size).putShort(12, (short) 2);
            return new ForeignSegment(bytes);
        }
    }

    /** Maps what somebody else made. */
    static ForeignSegment open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            ForeignSegment segment = new ForeignSegment(bytes.order(ByteOrder.nativeOrder()));
            segment.generation = SegmentGeneration.acquire(segment.bytes);
            return segment;
        }
    }

    /** Its bytes, to be spoilt. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Makes the next update have this generation. */
    void setNext(int next) {
        generation = next - 2;
    }

    /** Publishes a record that is void 1 000 s later, at a whole second. */
    void write(long asOfNanos, long boundNanos, ClockStatus status) {
        bytes.putShort(14, (short) (generation + 1));
        bytes.putLong(16, asOfNanos / NANOS_PER_SECOND).putLong(24, asOfNanos % NANOS_PER_SECOND);
        bytes.putLong(32, asOfNanos / NANOS_PER_SECOND + 1000).putLong(40, 0);
        bytes.putLong(48, boundNanos);
        bytes.putInt(64, 1_000).putInt(68, status.code());
        generation += 2;
        bytes.putShort(14, (short) generation);
    }

    /** Publishes a synchronised record as ClockBound 3 does. */
    void writeNanosIntoVoidAfter(long asOfNanos, long boundNanos) {
        write(asOfNanos, boundNanos, ClockStatus.UNKNOWN);
        bytes.putLong(40, asOfNanos % NANOS_PER_SECOND + 1);
        bytes.putLong(72, 0);
        bytes.putInt(68, ClockStatus.SYNCHRONIZED.code());
    }

    /** Publishes a record that is to be compared with the VMClock. */
    void write(long asOfNanos, long boundNanos, ClockStatus status, long marker) {
        bytes.putLong(56, marker).put(72, (byte) 1);
        write(asOfNanos, boundNanos, status);
    }
}
