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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A segment that this process writes.
 *
 * <p>It reuses a segment that an earlier daemon left, so that readers stay mapped. A segment that cannot be reused is replaced
 * by a complete file, renamed into place. For one thread at a time.
 */
final class SegmentWriter {

    /** Set whatever the umask is: every user may read the time. */
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r--r--");

    private final Path path;
    private final SegmentLayout layout;
    private final ByteBuffer bytes;
    private final Object fileKey;

    /** A private copy of the record that this process wrote last, or found; {@link #bytes} are shared with other processes. */
    private final ByteBuffer record;

    private int generation;

    /** The bound that the previous daemon left, until this one writes its first. */
    private @Nullable ClockErrorBound inherited;

    SegmentWriter(Path path, SegmentLayout layout, ByteBuffer bytes, Object fileKey) {
        this.path = path;
        this.layout = layout;
        this.bytes = bytes;
        this.fileKey = fileKey;
        this.record = ByteBuffer.allocate(layout.bytes()).order(ByteOrder.nativeOrder());
    }

    /**
     * Reuses the existing segment, or creates one. Until the first {@link #write}, readers find the old record if this program
     * wrote it and it is still trusted, otherwise UNKNOWN.
     *
     * @param voucher the segment of layout 2 when this is layout 1, whose records do not show that this program wrote them
     * @throws IOException when the segment cannot be created
     */
    static SegmentWriter open(
            ServerDirectory directory,
            SegmentLayout layout,
            @Nullable SegmentWriter voucher,
            LocalClock local,
            VmClock vmClock)
            throws IOException {
        Path path = directory.file(layout.fileName());
        Optional<String> problem = problem(path);
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
        try {
            SegmentWriter file = reuse(path, layout);
            if (file == null) {
                return create(directory, path, layout);
            }
            file.inherit(voucher, local, vmClock);
            SegmentTruncation.check();
            return file;
        } catch (IOException | InternalError e) { // the latter when another program truncates it meanwhile
            throw new IOException(
                    "cannot create " + path + " (" + FileFailure.text(e)
                            + "): fix the cause, or choose another directory with --shm-dir",
                    e);
        }
    }

    /** Returns why no segment can have a path; empty when nothing that is there stands in its way. */
    static Optional<String> problem(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(path + " is a directory: remove it, or choose another directory with --shm-dir")
                : Optional.empty();
    }

    /** Opens the existing segment; returns null when there is none that can be reused. */
    private static @Nullable SegmentWriter reuse(Path path, SegmentLayout layout) throws IOException {
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
                // the file grows before its header gives the new size, so no reader notices
                writeAll(channel, ByteBuffer.allocate((int) missing), channel.size());
            }
            ByteBuffer bytes = map(channel, layout);
            layout.encodeHeader(bytes);
            return new SegmentWriter(path, layout, bytes, fileKey(path));
        }
    }

    private static SegmentWriter create(ServerDirectory directory, Path path, SegmentLayout layout) throws IOException {
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
            // written, not mapped: on a full disk a write fails, while an access to a mapping would end the process
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

    /** Keeps the old record if this program wrote it and it is still trusted; otherwise writes UNKNOWN. */
    private void inherit(@Nullable SegmentWriter voucher, LocalClock local, VmClock vmClock) {
        copyRecord();
        ClockErrorBound bound = ownRecord(voucher);
        if (bound != null && isStillTrusted(new SegmentRecord(bound, true), local, vmClock)) {
            inherited = bound;
            return;
        }
        write(ClockErrorBound.unknown(), false);
    }

    private static boolean isStillTrusted(SegmentRecord old, LocalClock local, VmClock vmClock) {
        if (!old.boundWith(Witness.take(local)).read(local).status().isTrusted()) {
            return false;
        }
        try {
            return old.bound().vmClock() == null || !old.isDisrupted(vmClock.read());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the bound of the old record if this program wrote it, otherwise null. */
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
            return null; // not a valid record
        }
    }

    /**
     * Tells whether the record of the previous daemon is still there, trusted and at most 5 s old. While it is, a first poll
     * without a reply must not overwrite it.
     */
    boolean isInheritedRecordValid(long monotonicNanos) {
        return inherited != null
                && inherited.statusAt(monotonicNanos).isTrusted()
                && monotonicNanos - inherited.asOfNanos() <= ClockErrorBound.GRACE_NANOS;
    }

    /**
     * Writes a record for the readers.
     *
     * @param isVmClockPublic whether clients of ClockBound 2 must compare the VMClock as well
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

    /** Returns the state of the file that readers find under the path. */
    SegmentFileState state() {
        return SegmentFileState.of(path, fileKey, layout.bytes(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Tells whether another program has written since this process did. */
    boolean isWrittenByOthers() {
        boolean isSame = SegmentGeneration.acquire(bytes) == generation;
        for (int offset = SegmentLayout.HEADER_BYTES; offset < layout.bytes(); offset += Long.BYTES) {
            isSame &= bytes.getLong(offset) == record.getLong(offset);
        }
        return !isSame;
    }

    /** Copies the record that is in the segment. */
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
