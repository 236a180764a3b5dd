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
    /** There is no record in it, or none that can be understood. */
    NO_RECORD,
    /** A record was begun and is not finished. */
    UNFINISHED,
    /** The record has no trust itself. */
    SAID_SO,
    /** Wall clock and monotonic clock are not as far apart as where the record was made. */
    OTHER_CLOCKS,
    /** The as-of is still to come. */
    FUTURE,
    /** Nobody renewed it in time. */
    STALE,
    /** The VMClock counted a disruption since the record was made. */
    VM_CLOCK_CHANGED,
    /** The record is to be compared with the VMClock, and can't be. */
    VM_CLOCK_UNREADABLE;

    /**
     * Finds out.
     *
     * @param status that of the reading
     */
    static SegmentDistrust of(SegmentSnapshot known, ClockStatus status, LocalClock local) {
        ClockErrorBound bound = known.bound();
        if (known.isOfOtherClocks()) {
            return OTHER_CLOCKS;
        }
        if (!known.problem().isEmpty()) {
            return known.generation() == SegmentSnapshot.NEVER ? UNFINISHED : NO_RECORD;
        }
        if (!bound.status().isTrusted()) {
            return SAID_SO;
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
            return isDisrupted ? OTHER_CLOCKS : STALE; // it was, a moment ago, and has been renewed
        }
        return isDisrupted ? VM_CLOCK_CHANGED : VM_CLOCK_UNREADABLE;
    }

    /**
     * Tells whether a segment that has less to say may be read instead: one of layout 1 knows nothing of disruptions,
     * witness and VMClock, and would be trusted because of that.
     */
    boolean leavesOtherSegments() {
        return switch (this) {
            case NO_RECORD, STALE -> true; // nobody writes it
            case UNFINISHED, SAID_SO, OTHER_CLOCKS, FUTURE, VM_CLOCK_CHANGED, VM_CLOCK_UNREADABLE -> false;
        };
    }

    /**
     * Tells whether a daemon may be asked over a socket instead. It answers in UTC, from a reading of its own clocks that it
     * makes on request: the monotonic clock of who asks has no part in it, and a step of the wall clock it sees itself. What
     * the VMClock says is of the whole machine, and the daemon that answers may not watch it.
     */
    boolean leavesSockets() {
        return switch (this) {
            case NO_RECORD, UNFINISHED, STALE, SAID_SO, OTHER_CLOCKS, FUTURE, VM_CLOCK_UNREADABLE -> true;
            case VM_CLOCK_CHANGED -> false;
        };
    }

    /**
     * Says so, and what to do.
     *
     * @param path of the segment
     * @param known what is known of it
     */
    String explain(Path path, SegmentSnapshot known, LocalClock local, VmClock vmClock) {
        long ageNanos = local.monotonicNanos() - known.bound().asOfNanos();
        String age = TimeUnit.NANOSECONDS.toSeconds(ageNanos) + " s ago";
        return switch (this) {
            case NO_RECORD, UNFINISHED -> path + ": " + known.problem();
            case SAID_SO -> path + " says so; the log of the daemon that writes it says why";
            case OTHER_CLOCKS ->
                "the wall clock was stepped, or the machine suspended, since " + path + " was written " + age
                        + "; or this process is in another time namespace than the daemon";
            case FUTURE ->
                path + " was written in the future: before this machine was started, or in another time namespace";
            case STALE -> path + " was last written " + age + ": see whether the daemon runs";
            case VM_CLOCK_CHANGED ->
                "the machine was moved or restored from a snapshot, as " + vmClock.path() + " says, since " + path
                        + " was written " + age;
            case VM_CLOCK_UNREADABLE ->
                path + " is to be compared with the VMClock, which cannot be read: " + reason(vmClock);
        };
    }

    private static String reason(VmClock vmClock) {
        try {
            vmClock.read();
            return "a moment ago";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
