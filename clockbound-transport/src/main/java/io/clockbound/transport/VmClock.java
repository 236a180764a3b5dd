/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The page in which the hypervisor counts the disruptions of this machine's clock, such as a migration (VMClock).
 *
 * <p>It is read, not mapped: the JDK refuses to map a device, whose size is 0. The driver copies it between two updates.
 * Thread-safe.
 */
final class VmClock implements AutoCloseable {

    /** Where the driver shows it. */
    static final Path DEVICE = Path.of("/dev/vmclock0");

    private static final int MAGIC = 0x4B4C4356;
    private static final int SIZE = 4;
    private static final int VERSION = 8;
    private static final int SEQUENCE = 12;
    private static final int MARKER = 16;
    private static final int LEAST_BYTES = 24;
    private static final int ATTEMPTS = 100;

    private final Path path;
    private volatile @Nullable FileChannel channel;
    private boolean isClosed;

    VmClock(Path path) {
        this.path = path;
    }

    /**
     * Returns the number that changes with each disruption.
     *
     * @throws IOException when it can't be known, which is to be treated as a disruption
     */
    long disruptionMarker() throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            ByteBuffer page = read();
            if (page.getInt(0) != MAGIC || page.getShort(VERSION) != 1 || page.getInt(SIZE) < LEAST_BYTES) {
                throw new ProtocolException(path + " is no VMClock page of version 1");
            }
            if ((page.getInt(SEQUENCE) & 1) == 0) {
                return page.getLong(MARKER);
            }
        }
        throw new ProtocolException(path + " is being updated without an end");
    }

    /** Forgets the device; from then on nothing can be known. */
    @Override
    public synchronized void close() {
        isClosed = true;
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // nothing was written to it
        }
    }

    private ByteBuffer read() throws IOException {
        ByteBuffer page = ByteBuffer.allocate(LEAST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (Uninterrupted.call(() -> openChannel().read(page, 0)) < LEAST_BYTES) {
            throw new ProtocolException(path + " is too short for a VMClock page");
        }
        return page;
    }

    private FileChannel openChannel() throws IOException {
        FileChannel opened = channel;
        return opened != null && opened.isOpen() ? opened : reopen();
    }

    private synchronized FileChannel reopen() throws IOException {
        if (isClosed) {
            throw new IOException(path + " is read no more: its clock is closed");
        }
        if (channel == null || !channel.isOpen()) {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        }
        return channel;
    }
}
