/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.VmClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Why a reading of a segment is not trusted. */
enum SegmentDistrust {
    /** The segment has no record, or one that cannot be decoded. */
    NO_RECORD,
    /** The writer has begun a record and not finished it. */
    UNFINISHED,
    /** The record itself says that the clock is not trusted. */
    NOT_TRUSTED,
    /** The difference between wall clock and monotonic clock is not the writer's. */
    OTHER_CLOCKS,
    /** The as-of is in the future. */
    FUTURE,
    /** The record was not renewed in time. */
    STALE,
    /** The VMClock has counted a disruption since the record was made. */
    VM_CLOCK_CHANGED,
    /** The record must be compared with the VMClock, which cannot be read. */
    VM_CLOCK_UNREADABLE;

    /**
     * Returns the reason.
     *
     * @param status the status of the reading
     */
    static SegmentDistrust of(SegmentSnapshot known, ClockStatus status, LocalClock local) {
        ClockErrorBound bound = known.bound();
        if (known.isOfOtherClocks()) {
            return OTHER_CLOCKS;
        }
        if (!known.problem().isEmpty()) {
            return known.generation() == SegmentSnapshot.UNFINISHED ? UNFINISHED : NO_RECORD;
        }
        if (!bound.status().isTrusted()) {
            return NOT_TRUSTED;
        }
        long nowNanos = local.monotonicNanos();
        if (!bound.statusAt(nowNanos).isTrusted()) {
            return nowNanos - bound.asOfNanos() < 0 ? FUTURE : STALE;
        }
        if (!bound.read(local).status().isTrusted()) {
            return OTHER_CLOCKS;
        }
        boolean isDisrupted = status == ClockStatus.DISRUPTED;
        if (!known.hasVmClock()) {
            return isDisrupted ? OTHER_CLOCKS : STALE; // it was stale at the reading, and has been renewed since
        }
        return isDisrupted ? VM_CLOCK_CHANGED : VM_CLOCK_UNREADABLE;
    }

    /**
     * Tells whether a segment of layout 1 may be read instead. It has no disruptions, no witness and no VMClock, so a reader
     * might trust it only because it cannot see why layout 2 is not trusted.
     */
    boolean allowsOtherSegments() {
        return switch (this) {
            case NO_RECORD, STALE -> true; // no program writes it
            case UNFINISHED, NOT_TRUSTED, OTHER_CLOCKS, FUTURE, VM_CLOCK_CHANGED, VM_CLOCK_UNREADABLE -> false;
        };
    }

    /**
     * Tells whether a daemon may be asked over a socket instead. Its response is in UTC and comes from a new reading of its
     * own clocks: the client's monotonic clock does not matter, and the daemon itself detects a step of the wall clock. A
     * disruption that the VMClock counts concerns the whole machine, and that daemon may not watch the VMClock.
     */
    boolean allowsSockets() {
        return switch (this) {
            case NO_RECORD, UNFINISHED, STALE, NOT_TRUSTED, OTHER_CLOCKS, FUTURE, VM_CLOCK_UNREADABLE -> true;
            case VM_CLOCK_CHANGED -> false;
        };
    }

    /**
     * Returns the reason and the remedy as text.
     *
     * @param path the path of the segment
     * @param known what the reader has copied from it
     */
    String explain(Path path, SegmentSnapshot known, LocalClock local, VmClock vmClock) {
        long ageNanos = local.monotonicNanos() - known.bound().asOfNanos();
        String age = TimeUnit.NANOSECONDS.toSeconds(ageNanos) + " s ago";
        return switch (this) {
            case NO_RECORD, UNFINISHED -> path + ": " + known.problem();
            case NOT_TRUSTED ->
                "the record in " + path + " is not trusted; the log of the daemon that writes it has the reason";
            case OTHER_CLOCKS ->
                "the wall clock was stepped, or the machine suspended, since " + path + " was written " + age
                        + "; or this process and the daemon are in different time namespaces";
            case FUTURE ->
                "the as-of of " + path
                        + " is in the future: it was written before this machine started, or in another time"
                        + " namespace";
            case STALE ->
                path + " was last written " + age
                        + ": check that the daemon runs, and in the time namespace of this process";
            case VM_CLOCK_CHANGED ->
                "the machine was migrated or restored from a snapshot since " + path + " was written " + age
                        + ", according to " + vmClock.path();
            case VM_CLOCK_UNREADABLE ->
                path + " must be compared with the VMClock, which cannot be read: " + reason(vmClock);
        };
    }

    private static String reason(VmClock vmClock) {
        try {
            vmClock.read();
            return "it was unreadable a moment ago";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
