/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.VmClock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * The bounded clock of the daemon on this host, read from the segment that the daemon writes.
 *
 * <p>A reading makes no request: it checks whether the segment has changed and evaluates its record with the clocks of this
 * host. Thread-safe, without locks.
 */
final class SegmentClock implements BoundedClock {

    /** How often the file is checked while its record is old or not trusted. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final AtomicReferenceFieldUpdater<SegmentClock, SegmentSnapshot> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(SegmentClock.class, SegmentSnapshot.class, "current");

    private final Path path;
    private final String description;
    private final LocalClock local;
    private final VmClock vmClock;
    private final AtomicLong lookedNanos;
    private volatile SegmentSnapshot current;

    SegmentClock(Path path, String skipped, LocalClock local, VmClock vmClock, SegmentSnapshot first) {
        this.path = path;
        this.description = "shared memory " + path + skipped;
        this.local = local;
        this.vmClock = vmClock;
        this.lookedNanos = new AtomicLong(local.monotonicNanos());
        this.current = first;
    }

    /**
     * Opens a segment of layout 1 or 2.
     *
     * <p>Once it is open, readings survive anything that happens to the file.
     *
     * @param skipped why the faster ways to read the daemon's clock are not used; appended to the description
     * @throws IOException when the segment does not exist or cannot be read
     */
    static SegmentClock open(Path segment, String skipped, LocalClock local) throws IOException {
        return open(segment, skipped, local, VmClock.DEVICE);
    }

    static SegmentClock open(Path segment, String skipped, LocalClock local, Path vmClock) throws IOException {
        try {
            SegmentSnapshot first = snapshot(segment, SegmentSnapshot.nothing(""), local);
            return new SegmentClock(segment, skipped, local, new VmClock(vmClock), first);
        } catch (InternalError e) {
            throw new IOException(
                    "cannot read the segment " + segment + ": it was truncated while it was being read", e);
        } catch (IOException e) {
            String reason = Files.isDirectory(segment)
                    ? "it is a directory, as container engines create one for a file that is not there when they mount it:"
                            + " mount the directory of the segment instead"
                    : reason(e);
            throw new IOException("cannot read the segment " + segment + ": " + reason, e);
        }
    }

    @Override
    public BoundedInstant read() {
        SegmentSnapshot known = current;
        if (known.segment() == SegmentMapping.NONE && known.equals(SegmentSnapshot.CLOSED)) {
            throw new IllegalStateException(this + " is closed");
        }
        try {
            if (!known.isCurrent()) {
                known = refresh(known);
            }
            BoundedInstant now = known.bound().read(local);
            if (now.status() == ClockStatus.SYNCHRONIZED && !known.hasVmClock()) {
                return now;
            }
            return readAgain(known, now);
        } catch (InternalError e) {
            return forget(known);
        }
    }

    @Override
    public BoundedInstant now() {
        BoundedInstant now = read();
        if (!now.status().isTrusted()) {
            throw new ClockNotTrustedException(now.status(), explain(now.status()));
        }
        return now;
    }

    @Override
    public long earliestNanos() {
        SegmentSnapshot known = current;
        long earliestNanos = canBeReadAlone(known) ? known.bound().earliestNanos(local) : Long.MIN_VALUE;
        return earliestNanos == Long.MIN_VALUE ? now().earliestNanos() : earliestNanos;
    }

    @Override
    public long latestNanos() {
        SegmentSnapshot known = current;
        long latestNanos = canBeReadAlone(known) ? known.bound().latestNanos(local) : Long.MAX_VALUE;
        return latestNanos == Long.MAX_VALUE ? now().latestNanos() : latestNanos;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public LocalClock local() {
        return local;
    }

    @Override
    public String toString() {
        return "a clock by " + description;
    }

    /** Releases the segment. */
    @Override
    public void close() {
        current = SegmentSnapshot.CLOSED;
        vmClock.close();
    }

    /** Tells whether the segment is unchanged and its record needs no comparison with the VMClock. */
    private static boolean canBeReadAlone(SegmentSnapshot known) {
        try {
            return !known.hasVmClock() && known.isCurrent();
        } catch (InternalError e) {
            return false; // the file was truncated
        }
    }

    /**
     * Checks a reading that is not synchronised, or whose record has a VMClock: the file may have been replaced, and the
     * VMClock may have counted a disruption.
     */
    private BoundedInstant readAgain(SegmentSnapshot known, BoundedInstant first) {
        SegmentSnapshot found = known;
        BoundedInstant now = first;
        if (now.status() != ClockStatus.SYNCHRONIZED && isLookDue()) {
            found = refresh(known);
            now = found.bound().read(local);
        }
        if (!now.status().isTrusted() || !found.hasVmClock()) {
            return now;
        }
        try {
            // read after the clocks: a later disruption does not affect this reading
            return found.record().isDisrupted(vmClock.read()) ? BoundedInstant.unbounded(ClockStatus.DISRUPTED) : now;
        } catch (IOException e) {
            return BoundedInstant.unbounded(ClockStatus.UNKNOWN);
        }
    }

    private boolean isLookDue() {
        long now = local.monotonicNanos();
        long last = lookedNanos.get();
        return now - last >= LOOK_NANOS && lookedNanos.compareAndSet(last, now);
    }

    /** Copies the current record of the segment, or of the file that replaced it. */
    private SegmentSnapshot refresh(SegmentSnapshot known) {
        SegmentSnapshot next;
        try {
            next = SegmentSnapshot.of(known.segment(), known, local);
        } catch (ProtocolException e) {
            next = SegmentSnapshot.nothing(reason(e));
        }
        // checked after the copy, which is invalid if the file was truncated in the meantime
        SegmentFileState state = known.segment().stateAt(path);
        boolean isWiped = known.generation() > 0
                && SegmentGeneration.acquire(known.segment().bytes()) == 0;
        SegmentTruncation.check();
        if (state == SegmentFileState.TRUNCATED || isWiped) {
            next = SegmentSnapshot.nothing("it was wiped or truncated");
        }
        if (state == SegmentFileState.REPLACED || next.segment() == SegmentMapping.NONE) {
            next = reopen(next);
        }
        CURRENT.compareAndSet(this, known, next);
        return next;
    }

    private SegmentSnapshot reopen(SegmentSnapshot known) {
        try {
            return snapshot(path, known, local);
        } catch (IOException e) {
            // without a successor, the old segment stays in use: its record ages on its own
            return known.segment() == SegmentMapping.NONE ? SegmentSnapshot.nothing(reason(e)) : known;
        }
    }

    private static SegmentSnapshot snapshot(Path path, SegmentSnapshot known, LocalClock local) throws IOException {
        SegmentMapping segment = SegmentMapping.open(path);
        SegmentSnapshot snapshot = SegmentSnapshot.of(segment, known, local);
        SegmentTruncation.check();
        if (segment.stateAt(path) == SegmentFileState.TRUNCATED) {
            throw new ProtocolException("it was wiped or truncated");
        }
        return snapshot;
    }

    /** Drops the mapping of a truncated file: the next reading opens the file again. */
    private BoundedInstant forget(SegmentSnapshot known) {
        CURRENT.compareAndSet(this, known, SegmentSnapshot.nothing("it was truncated"));
        return BoundedInstant.unbounded(ClockStatus.UNKNOWN);
    }

    /** Returns the reason why a reading with this status is not trusted. */
    SegmentDistrust whyNotTrusted(ClockStatus status) {
        return SegmentDistrust.of(current, status, local);
    }

    /** Returns why a reading is not trusted, and the remedy. */
    private String explain(ClockStatus status) {
        if (SegmentFileState.isMountedAfterRemoval(path)) {
            return path
                    + " is mounted as a single file, which was removed or replaced since where it comes from, and stays"
                    + " the old one here: mount its directory instead";
        }
        return whyNotTrusted(status).explain(path, current, local, vmClock);
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist; check that the daemon runs and serves shared memory there";
        }
        return e instanceof AccessDeniedException
                ? "permission denied: it must be readable, and every directory above it searchable, for this user"
                : String.valueOf(e.getMessage());
    }
}
