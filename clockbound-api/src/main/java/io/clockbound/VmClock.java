/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page in which the hypervisor counts the disruptions of this machine's clock, such as a migration (VMClock, UAPI.13).
 *
 * <p>It is read, not mapped: the JDK refuses to map a device, whose size is 0, and one way for devices and files is simpler
 * than two. A {@link #read} takes one {@code pread} of 112 bytes, or two when the page has changed since the last one, which
 * is cheap enough for every reading of a clock. Thread-safe; interrupts neither disturb a read nor get lost.
 */
public final class VmClock implements AutoCloseable {

    /** The device of the first, and usually the only, page on Linux. */
    public static final Path DEVICE = Path.of("/dev/vmclock0");

    private static final int MAGIC = 0x4B4C4356;
    private static final int SIZE = 4;
    private static final int VERSION = 8;
    private static final int SEQUENCE = 12;
    private static final int MARKER = 16;
    private static final int FLAGS = 24;
    private static final int GENERATION = 0x68;

    /** The flag of a page that has a generation counter. */
    private static final long HAS_GENERATION = 1 << 8;

    /** The size of the page in the first edition of version 1. */
    private static final int MIN_BYTES = 104;

    /** The number of bytes of the page that are read. */
    private static final int MAX_BYTES = GENERATION + Long.BYTES;

    /** Limited, because a hypervisor that is suspended in mid-update must not block readers. */
    private static final int ATTEMPTS = 100;

    private final Path path;
    private volatile @Nullable FileChannel channel;
    private volatile Seen last = new Seen(1, new VmClockCounters(0, 0));
    private boolean isClosed;

    /** Creates a reader of the page at {@code path}; it need not exist yet. */
    public VmClock(Path path) {
        this.path = path;
    }

    /** The counters and the sequence number beside them, which is even when they belong together. */
    private record Seen(int sequence, VmClockCounters counters) {}

    /** Returns the VMClock of this machine, if it has one that this user may read. */
    public static Optional<VmClock> ofThisMachine() {
        return Files.isReadable(DEVICE) ? Optional.of(new VmClock(DEVICE)) : Optional.empty();
    }

    /** Returns the path of the page, which need not exist. */
    public Path path() {
        return path;
    }

    /** Tells whether the page exists, readable or not. */
    public boolean isPresent() {
        return Files.exists(path);
    }

    /** Tells whether every user of this machine may read the page. */
    public boolean isReadableByEverybody() {
        try {
            return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Returns the current counters, both of the same update.
     *
     * @throws IOException when they cannot be read: the clock must then not be trusted; the message names the page and the
     *     remedy
     */
    public VmClockCounters read() throws IOException {
        Seen before = last;
        for (int i = 0; i < ATTEMPTS; i++) {
            Seen now = look();
            // a copy made during an update may mix two updates: it is valid when it is even and equals the one before
            if ((now.sequence & 1) == 0 && now.equals(before)) {
                last = now;
                return now.counters;
            }
            before = now;
        }
        throw new IOException(path + " is permanently being updated: the hypervisor does not finish an update");
    }

    /** Closes the page; {@link #read} fails from then on. */
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

    private Seen look() throws IOException {
        ByteBuffer page = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int bytes = read(page);
        long named = bytes < MIN_BYTES ? 0 : Integer.toUnsignedLong(page.getInt(SIZE));
        if (named < MIN_BYTES || page.getInt(0) != MAGIC || page.getShort(VERSION) != 1) {
            throw new IOException(path + " is not a VMClock page of version 1");
        }
        boolean hasGeneration = (page.getLong(FLAGS) & HAS_GENERATION) != 0 && named >= MAX_BYTES;
        if (hasGeneration && bytes < MAX_BYTES) {
            throw new IOException(path + " is shorter than the " + named + " bytes in its header");
        }
        long generation = hasGeneration ? page.getLong(GENERATION) : 0;
        return new Seen(page.getInt(SEQUENCE), new VmClockCounters(page.getLong(MARKER), generation));
    }

    /** Copies the page, and repeats that when an interrupt of this thread or of another reader closed the channel. */
    private int read(ByteBuffer page) throws IOException {
        boolean isInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return openChannel().read(page.clear(), 0);
                } catch (ClosedChannelException e) {
                    isInterrupted |= Thread.interrupted();
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException(
                    path
                            + " does not exist: this machine has no VMClock, or its kernel does not show it (Linux 6.13"
                            + " does); clockboundd does without one with vmclock = auto or off",
                    e);
        } catch (AccessDeniedException e) {
            throw new IOException(path + " may not be read by this user: chmod a+r " + path, e);
        } catch (IOException e) {
            throw new IOException(path + " cannot be read: " + e.getMessage(), e);
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FileChannel openChannel() throws IOException {
        FileChannel opened = channel;
        return opened != null && opened.isOpen() ? opened : reopen();
    }

    private synchronized FileChannel reopen() throws IOException {
        if (isClosed) {
            throw new IOException("this reader is closed");
        }
        if (channel == null || !channel.isOpen()) {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        }
        return channel;
    }
}
