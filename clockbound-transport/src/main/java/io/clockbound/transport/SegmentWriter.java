/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.LocalClock;
import io.clockbound.VmClock;
import io.clockbound.Witness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A segment that this process writes.
 *
 * <p>What another daemon left is gone on with, so that its readers need not notice; what can't be is replaced by a file that
 * was finished elsewhere, never changed under a reader. For one thread at a time.
 */
final class SegmentWriter {

    /** Whatever the umask: everybody may read the time. */
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r--r--");

    private final Path path;
    private final SegmentLayout layout;
    private final ByteBuffer bytes;
    private final Object fileKey;

    /** What this process wrote, or found and goes on with: nobody else's memory, as {@link #bytes} are. */
    private final ByteBuffer record;

    private int generation;

    /** What the daemon before this one left, as long as nothing is known that is newer. */
    private @Nullable ClockErrorBound inherited;

    private SegmentWriter(Path path, SegmentLayout layout, ByteBuffer bytes, Object fileKey) {
        this.path = path;
        this.layout = layout;
        this.bytes = bytes;
        this.fileKey = fileKey;
        this.record = ByteBuffer.allocate(layout.bytes()).order(ByteOrder.nativeOrder());
    }

    /**
     * Goes on with the segment that is there, or makes one. Until the first {@link #write}, readers find the record that was
     * there if it is ours and can be believed, else one that says UNKNOWN.
     *
     * @param voucher the segment of layout 2, for one of layout 1: that has no mark by which we know our records
     * @throws IOException when it can't be made
     */
    static SegmentWriter open(
            ServerDirectory directory,
            SegmentLayout layout,
            @Nullable SegmentWriter voucher,
            LocalClock local,
            VmClock vmClock)
            throws IOException {
        Path path = directory.file(layout.fileName());
        try {
            SegmentWriter file = continued(path, layout);
            if (file == null) {
                return created(directory, path, layout);
            }
            file.inherit(voucher, local, vmClock);
            SegmentTruncation.check();
            return file;
        } catch (IOException | InternalError e) { // the latter when somebody cuts it meanwhile
            throw new IOException(
                    "cannot make " + path + " (" + e + "): mend that, or choose another directory with --shm-dir", e);
        }
    }

    /** Returns null when what is there, if anything, is no segment to go on with. */
    private static @Nullable SegmentWriter continued(Path path, SegmentLayout layout) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || !Files.isWritable(path)) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(SegmentLayout.HEADER_BYTES).order(ByteOrder.nativeOrder());
            if (channel.read(header, 0) < SegmentLayout.HEADER_BYTES || !layout.isContinuable(header, channel.size())) {
                return null;
            }
            if (!Files.getPosixFilePermissions(path).equals(MODE)) {
                Files.setPosixFilePermissions(path, MODE);
            }
            long missing = layout.bytes() - channel.size();
            if (missing > 0) {
                // it grows, which no reader sees, before its header says so
                writeAll(channel, ByteBuffer.allocate((int) missing), channel.size());
            }
            ByteBuffer bytes = map(channel, layout);
            layout.encodeHeader(bytes);
            return new SegmentWriter(path, layout, bytes, fileKey(path));
        }
    }

    private static SegmentWriter created(ServerDirectory directory, Path path, SegmentLayout layout)
            throws IOException {
        ByteBuffer content = ByteBuffer.allocateDirect(layout.bytes()).order(ByteOrder.nativeOrder());
        SegmentGeneration.beginWrite(content);
        layout.encode(ClockErrorBound.unknown(), false, content);
        layout.encodeHeader(content);
        SegmentGeneration.endWrite(content);
        Path staging = directory.createStagingDirectory();
        Path unfinished = staging.resolve(layout.fileName());
        Files.deleteIfExists(unfinished);
        try (FileChannel channel = FileChannel.open(
                unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // written, not mapped: on a full disk this fails, where touching a mapping would end the process
            writeAll(channel, content, 0);
            Files.setPosixFilePermissions(unfinished, MODE);
            SegmentWriter created = new SegmentWriter(path, layout, map(channel, layout), fileKey(unfinished));
            created.copyRecord();
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return created;
        } finally {
            Files.deleteIfExists(unfinished);
            Files.deleteIfExists(staging);
        }
    }

    /** Leaves the record that is there if it is ours and can still be believed, and withdraws it otherwise. */
    private void inherit(@Nullable SegmentWriter voucher, LocalClock local, VmClock vmClock) {
        copyRecord();
        ClockErrorBound bound = ownRecord(voucher);
        if (bound != null && isBelievable(new SegmentRecord(bound, true), local, vmClock)) {
            inherited = bound;
            return;
        }
        write(ClockErrorBound.unknown(), false);
    }

    private static boolean isBelievable(SegmentRecord old, LocalClock local, VmClock vmClock) {
        if (!old.boundWith(Witness.take(local)).read(local).status().isTrusted()) {
            return false;
        }
        try {
            return old.bound().vmClock() == null || !old.isDisrupted(vmClock.read());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns what the record says if this program wrote it, else null. */
    private @Nullable ClockErrorBound ownRecord(@Nullable SegmentWriter voucher) {
        if (!SegmentGeneration.isWhole(generation)) {
            return null;
        }
        try {
            SegmentRecord old = layout.decode(record);
            ClockErrorBound vouched = voucher == null ? null : voucher.inherited;
            boolean isVouchedFor = vouched != null && old.bound().equals(SegmentRecord.plain(vouched));
            return old.isOurs() ? old.bound() : isVouchedFor ? vouched : null;
        } catch (ProtocolException e) {
            return null; // no record that anybody could use
        }
    }

    /**
     * Tells whether readers are better served with what the daemon before this one left than with the silence of the time
     * source: in its first polls a daemon has no bound of its own.
     */
    boolean isWorthMoreThanSilence(long monotonicNanos) {
        return inherited != null
                && inherited.statusAt(monotonicNanos).isTrusted()
                && monotonicNanos - inherited.asOfNanos() <= ClockErrorBound.GRACE_NANOS;
    }

    /**
     * Shows readers a record.
     *
     * @param isVmClockPublic whether clients of ClockBound 2 are to compare the VMClock, too
     */
    void write(ClockErrorBound bound, boolean isVmClockPublic) {
        layout.encode(bound, isVmClockPublic, record);
        SegmentGeneration.beginWrite(bytes);
        for (int offset = SegmentLayout.HEADER_BYTES; offset < layout.bytes(); offset += Long.BYTES) {
            bytes.putLong(offset, record.getLong(offset));
        }
        generation = SegmentGeneration.endWrite(bytes);
        inherited = null;
    }

    /** Tells whether readers find this file, as long as it should be. */
    SegmentFileState place() {
        return SegmentFileState.of(path, fileKey, layout.bytes(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Tells whether somebody else wrote since this process did. */
    boolean isWrittenByOthers() {
        boolean isSame = SegmentGeneration.acquire(bytes) == generation;
        for (int offset = SegmentLayout.HEADER_BYTES; offset < layout.bytes(); offset += Long.BYTES) {
            isSame &= bytes.getLong(offset) == record.getLong(offset);
        }
        return !isSame;
    }

    /** Takes note of what is there. */
    private void copyRecord() {
        generation = SegmentGeneration.acquire(bytes);
        for (int offset = SegmentLayout.HEADER_BYTES; offset < layout.bytes(); offset += Long.BYTES) {
            record.putLong(offset, bytes.getLong(offset));
        }
        record.putInt(SegmentLayout.SIZE, layout.bytes());
    }

    private static ByteBuffer map(FileChannel channel, SegmentLayout layout) throws IOException {
        return channel.map(MapMode.READ_WRITE, 0, layout.bytes()).order(ByteOrder.nativeOrder());
    }

    private static void writeAll(FileChannel channel, ByteBuffer content, long position) throws IOException {
        long at = position;
        while (content.hasRemaining()) {
            at += channel.write(content, at);
        }
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
