/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;

/** Why a reading of a segment is not trusted. */
enum Distrust {
    /** There is no record in it. */
    NO_RECORD,
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
    static Distrust of(Adoption known, ClockStatus status, LocalClock local) {
        ClockErrorBound bound = known.bound();
        if (known.isOfOtherClocks()) {
            return OTHER_CLOCKS;
        }
        if (!known.problem().isEmpty()) {
            return NO_RECORD;
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
        return status == ClockStatus.DISRUPTED ? VM_CLOCK_CHANGED : VM_CLOCK_UNREADABLE;
    }
}
