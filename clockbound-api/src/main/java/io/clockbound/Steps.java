/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The disruptions that the witness and the VMClock have shown, and whether the last one is over. Immutable.
 *
 * <p>After a disruption the clock is not trusted until the source has measured it anew: one that did not notice goes on
 * reporting the small error of the clock before. A measurement is new when it is another than the source showed first after
 * the disruption, and was certainly begun after it.
 *
 * @param vmClock the counters of the VMClock when they were last read; null when none is watched
 * @param tightest the tightest witness since the last step, so that neither a loose one nor many small steps hide a step
 * @param isAwaiting whether the source has yet to measure anew
 * @param sinceNanos monotonic time at which the last disruption was seen; null when there was none
 * @param shownThen what the source showed first after it; null when it has shown nothing yet
 */
record Steps(
        @Nullable VmClockCounters vmClock,
        @Nullable Witness tightest,
        boolean isAwaiting,
        @Nullable Long sinceNanos,
        @Nullable Shown shownThen) {

    /** Tells a measurement from others, or an estimate from others where the source tells no measurement. */
    record Shown(boolean isMeasurement, long id) {}

    static final Steps NONE = new Steps(null, null, false, null, null);

    /** Returns by how much the wall clock was stepped since the earlier comparisons, if it was. */
    Optional<Long> steppedNanos(Witness now) {
        return tightest != null && now.differsFrom(tightest)
                ? Optional.of(now.nanos() - tightest.nanos())
                : Optional.empty();
    }

    /** Tells whether the VMClock shows a disruption since it was last read. */
    boolean isDisruptedBy(@Nullable VmClockCounters now) {
        return vmClock != null && now != null && !now.equals(vmClock);
    }

    /** Returns what is known after a comparison that showed no step. */
    Steps unstepped(Witness now, @Nullable VmClockCounters counters) {
        Witness tighter = tightest == null || now.errorNanos() < tightest.errorNanos() ? now : tightest;
        return new Steps(counters == null ? vmClock : counters, tighter, isAwaiting, sinceNanos, shownThen);
    }

    /** Returns what is known after a disruption that was seen now. */
    Steps disrupted(Witness now, @Nullable VmClockCounters counters, long nowNanos) {
        return new Steps(counters == null ? vmClock : counters, now, true, nowNanos, null);
    }

    /**
     * Tells whether what was certainly not begun before {@code begunNanos} may have been begun before the last disruption. A
     * source that turns to another server tells what it measured of that one, however long ago.
     */
    boolean isFromBefore(long begunNanos) {
        return sinceNanos != null && begunNanos - sinceNanos <= 0;
    }

    /**
     * Returns what is known after a reply of a source that has not lost its reference. One that has may tell of another reference,
     * beside which a measurement from before the disruption would look new.
     *
     * @param shown the newest measurement
     * @param begunNanos monotonic time before which it was certainly not begun
     */
    Steps after(Shown shown, long begunNanos) {
        if (!isAwaiting) {
            return this;
        }
        if (shownThen == null || shownThen.isMeasurement != shown.isMeasurement) {
            return new Steps(vmClock, tightest, true, sinceNanos, shown); // comparable with its own kind only
        }
        boolean isNew = !shown.equals(shownThen) && !isFromBefore(begunNanos);
        return isNew ? new Steps(vmClock, tightest, false, sinceNanos, null) : this;
    }
}
