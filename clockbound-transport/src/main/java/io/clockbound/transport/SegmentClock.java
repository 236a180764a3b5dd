/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.VmClock;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * The bounded clock of the daemon on this host, read from the segment that it writes.
 *
 * <p>A reading asks nobody: it looks whether the segment changed and evaluates its record with the clocks of this host.
 * Thread-safe, without locks.
 */
final class SegmentClock implements BoundedClock {

    /** How often the file is looked for while its record is old or not trusted. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final AtomicReferenceFieldUpdater<SegmentClock, SegmentSnapshot> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(SegmentClock.class, SegmentSnapshot.class, "current");

    private final Path path;
    private final String description;
    private final LocalClock local;
    private final VmClock vmClock;
    private final AtomicLong lookedNanos;
    private volatile SegmentSnapshot current;

    private SegmentClock(Path path, String skipped, LocalClock local, VmClock vmClock, SegmentSnapshot first) {
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
     * <p>Once it is open, readings survive whatever becomes of the file.
     *
     * @param skipped why no other way to read the daemon's clock is used, to stand behind the name of this one
     * @throws IOException when there is none, or none that can be read
     */
    static SegmentClock open(Path segment, String skipped, LocalClock local) throws IOException {
        return open(segment, skipped, local, VmClock.DEVICE);
    }

    static SegmentClock open(Path segment, String skipped, LocalClock local, Path vmClock) throws IOException {
        try {
            SegmentSnapshot first = adopted(segment, SegmentSnapshot.nothing(""), local);
            return new SegmentClock(segment, skipped, local, new VmClock(vmClock), first);
        } catch (InternalError e) {
            throw new IOException("cannot read the segment " + segment + ": it was cut short meanwhile", e);
        } catch (IOException e) {
            throw new IOException("cannot read the segment " + segment + ": " + reason(e), e);
        }
    }

    @Override
    public BoundedInstant read() {
        SegmentSnapshot known = current;
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
        long earliestNanos = isPlain(known) ? known.bound().earliestNanos(local) : Long.MIN_VALUE;
        return earliestNanos == Long.MIN_VALUE ? now().earliestNanos() : earliestNanos;
    }

    @Override
    public long latestNanos() {
        SegmentSnapshot known = current;
        long latestNanos = isPlain(known) ? known.bound().latestNanos(local) : Long.MAX_VALUE;
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

    /** Lets go of the segment; the status is UNKNOWN from then on. */
    @Override
    public void close() {
        current = SegmentSnapshot.CLOSED;
        vmClock.close();
    }

    /** Tells whether the segment says the same as before and nobody else has to be asked. */
    private static boolean isPlain(SegmentSnapshot known) {
        try {
            return !known.hasVmClock() && known.isCurrent();
        } catch (InternalError e) {
            return false; // the mapping was cut short
        }
    }

    /** Reads a second time what is not simply synchronised: the file may be another by now, and VMClock may know more. */
    private BoundedInstant readAgain(SegmentSnapshot known, BoundedInstant first) {
        if (known.equals(SegmentSnapshot.CLOSED)) {
            return first;
        }
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
            // after the clocks: a disruption since then does not concern the reading
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

    /** Takes over what the segment says now, or the one that took its place. */
    private SegmentSnapshot refresh(SegmentSnapshot known) {
        SegmentSnapshot next;
        try {
            next = SegmentSnapshot.of(known.segment(), known, local);
        } catch (ProtocolException e) {
            next = SegmentSnapshot.nothing(reason(e));
        }
        // after the copy, which is worthless if the file was cut meanwhile
        SegmentFileState place = known.segment().placeAt(path);
        boolean isWiped = known.generation() > 0
                && SegmentGeneration.acquire(known.segment().bytes()) == 0;
        SegmentTruncation.check();
        if (place == SegmentFileState.CUT || isWiped) {
            next = SegmentSnapshot.nothing("it was wiped or cut short");
        }
        if (place == SegmentFileState.REPLACED || next.segment() == SegmentMapping.NONE) {
            next = reopen(next);
        }
        CURRENT.compareAndSet(this, known, next);
        return next;
    }

    private SegmentSnapshot reopen(SegmentSnapshot known) {
        try {
            return adopted(path, known, local);
        } catch (IOException e) {
            // an old segment without a successor goes on: its record ages by itself
            return known.segment() == SegmentMapping.NONE ? SegmentSnapshot.nothing(reason(e)) : known;
        }
    }

    private static SegmentSnapshot adopted(Path path, SegmentSnapshot known, LocalClock local) throws IOException {
        SegmentMapping segment = SegmentMapping.open(path);
        SegmentSnapshot adopted = SegmentSnapshot.of(segment, known, local);
        SegmentTruncation.check();
        if (segment.placeAt(path) == SegmentFileState.CUT) {
            throw new ProtocolException("it was wiped or cut short");
        }
        return adopted;
    }

    /** Forgets a mapping that was cut short: the next reading opens the file again. */
    private BoundedInstant forget(SegmentSnapshot known) {
        CURRENT.compareAndSet(this, known, SegmentSnapshot.nothing("it was cut short"));
        return BoundedInstant.unbounded(ClockStatus.UNKNOWN);
    }

    /** Finds out why a reading had this status. */
    SegmentDistrust distrust(ClockStatus status) {
        return SegmentDistrust.of(current, status, local);
    }

    /** Says why a reading is not trusted, and what to do. */
    private String explain(ClockStatus status) {
        return distrust(status).explain(path, current, local, vmClock);
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException
                ? "it does not exist; see whether the daemon runs, and whether it serves shared memory there"
                : String.valueOf(e.getMessage());
    }
}
