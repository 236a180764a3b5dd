/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ClockSnapshot;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The outcome of one poll of the time source, or that it has been asked. Immutable.
 *
 * @param result the kind of outcome
 * @param detail the outcome in words, with the remedy when something is wrong; equal outcomes have equal words
 * @param peer the address that the time source asks, or the list of them until one has replied
 * @param snapshot the source's reply, if there was one
 * @param terms what the bound is made of; empty when no new bound was made
 * @param bound what is published because of it
 * @param trustEndNanos monotonic time until which the clock stays trusted, if it is, while the result stays the same: for a
 *     source that runs free the end of the holdover, because polls renew the bound until then, or a moment before an announced
 *     leap second; otherwise void-after of the bound
 * @param durationNanos time since the poll began, not negative
 */
public record PollOutcome(
        Result result,
        String detail,
        String peer,
        Optional<ClockSnapshot> snapshot,
        Optional<BoundTerms> terms,
        ClockErrorBound bound,
        long trustEndNanos,
        long durationNanos) {

    /** Returns the reference clock's own error within the bound; empty without a new bound, and where it follows a server. */
    public OptionalLong referenceErrorNanos() {
        return terms.map(BoundTerms::referenceNanos).orElse(OptionalLong.empty());
    }

    /** The kinds of outcome. */
    public enum Result {
        /** The source has been asked and has not replied yet; the bound is what holds if it does not reply. */
        PENDING,
        /** The source follows its reference. */
        SYNCHRONIZED,
        /** The source replies, and no longer hears what it follows. */
        FREE_RUNNING,
        /** The source says, or shows, that it does not know the time. */
        UNSYNCHRONIZED,
        /** The source did not reply, or no new bound can be made of its reply. */
        NO_ANSWER,
        /** The source follows a reference clock whose own error is not known now. */
        REFERENCE_ERROR_UNKNOWN,
        /** The wall clock was stepped. */
        STEPPED,
        /** The hypervisor reports that the machine was moved, or restored from a snapshot. */
        DISRUPTED,
        /** An operator has declared the clock disrupted. */
        DISRUPTION_FORCED,
        /** The program has a fault. */
        FAILED;

        /** Returns the status that follows from the present one; only a synchronised poll begins or restores trust. */
        ClockStatus statusAfter(ClockStatus now) {
            return switch (this) {
                case SYNCHRONIZED -> now == ClockStatus.DISRUPTED ? ClockStatus.UNKNOWN : ClockStatus.SYNCHRONIZED;
                case FREE_RUNNING, NO_ANSWER, REFERENCE_ERROR_UNKNOWN ->
                    now.isTrusted() ? ClockStatus.FREE_RUNNING : ClockStatus.UNKNOWN;
                case PENDING -> now;
                case UNSYNCHRONIZED, FAILED -> ClockStatus.UNKNOWN;
                case STEPPED, DISRUPTED, DISRUPTION_FORCED -> ClockStatus.DISRUPTED;
            };
        }

        /** Tells whether the clock was disrupted: nothing that was known before holds. */
        public boolean isDisruption() {
            return this == STEPPED || this == DISRUPTED || this == DISRUPTION_FORCED;
        }
    }
}
