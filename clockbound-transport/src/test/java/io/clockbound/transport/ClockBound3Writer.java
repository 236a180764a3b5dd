/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A writer of layout 2 that does to a file what the daemon of ClockBound 3.0.0-rc.0 does: at its start it wipes what is there, in
 * place; then it writes records in place, with nanoseconds in void-after.
 */
final class ClockBound3Writer {

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int BYTES = 80;

    private final ByteBuffer bytes;

    private ClockBound3Writer(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Wipes the segment, and maps it. */
    static ClockBound3Writer start(Path path) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.truncate(0);
            ByteBuffer header = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
            header.putInt(0, 0x414D5A4E).putInt(4, 0x43420200).putInt(8, BYTES);
            channel.write(header, 0);
            return new ClockBound3Writer(
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES).order(ByteOrder.nativeOrder()));
        }
    }

    /** Publishes a record; that of its start is UNKNOWN, with an as-of and a bound of 0. */
    void write(long asOfNanos, long boundNanos, ClockStatus status) {
        bytes.putShort(12, (short) 2);
        SegmentGeneration.beginWrite(bytes);
        bytes.putLong(16, asOfNanos / NANOS_PER_SECOND).putLong(24, asOfNanos % NANOS_PER_SECOND);
        bytes.putLong(32, asOfNanos / NANOS_PER_SECOND + 1000).putLong(40, asOfNanos % NANOS_PER_SECOND);
        bytes.putLong(48, boundNanos).putLong(56, 0);
        bytes.putInt(64, 15_000).putInt(68, status.code()).putLong(72, 0);
        SegmentGeneration.endWrite(bytes);
    }
}
