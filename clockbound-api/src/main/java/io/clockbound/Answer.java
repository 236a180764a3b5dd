/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the time source and the two monotonic times between which it was made.
 *
 * @param snapshot what the source says
 * @param askedNanos monotonic time before the question
 * @param receivedNanos monotonic time after the answer
 * @param isStepForgotten whether the source has shown since its last update that it forgot a step
 */
record Answer(ClockSnapshot snapshot, long askedNanos, long receivedNanos, boolean isStepForgotten) {

    /** The most that Linux lets anybody slew a clock. */
    private static final long MAX_SLEW_PPB = 100_000_000;

    /** chronyd's skew after a single update: one second per second. */
    private static final long SKEW_CEILING_PPB = 1_000_000_000;

    /** An update is not called late before that, however often the source updates. */
    private static final long LEAST_SOURCE_AGE_NANOS = 16_000_000_000L;

    private static final long UPDATES_MISSED = 8;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    Answer(ClockSnapshot snapshot, long askedNanos, long receivedNanos) {
        this(snapshot, askedNanos, receivedNanos, snapshot.lastOffsetNanos() > explainedNanos(snapshot));
    }

    /** Returns this with what the answer before it showed of the same update: the error may have grown past a step since. */
    Answer following(@Nullable Answer previous) {
        boolean wasForgotten = previous != null && previous.isStepForgotten && isOfSameUpdateAs(previous);
        return new Answer(snapshot, askedNanos, receivedNanos, isStepForgotten || wasForgotten);
    }

    /** Tells whether the source has not updated its estimate between the other answer and this one. */
    boolean isOfSameUpdateAs(Answer other) {
        return snapshot.referenceTime().equals(other.snapshot.referenceTime())
                && snapshot.reference().equals(other.snapshot.reference());
    }

    /** Says why this answer proves that the source does not know the time, if it does. */
    Optional<String> refusal(boolean isLocalReferenceAllowed) {
        if (snapshot.leap() == LeapStatus.UNSYNCHRONIZED || snapshot.reference().code() == 0) {
            return Optional.of("the source is not synchronised: it has no reference");
        }
        if (snapshot.reference().equals(ReferenceId.LOCAL) && !isLocalReferenceAllowed) {
            return Optional.of("the source follows nothing but its own clock (local mode), which says nothing of true "
                    + "time; closed networks may allow a local reference");
        }
        if (snapshot.skewPpb() >= SKEW_CEILING_PPB) {
            return Optional.of("the source has made a single update so far and does not know the clock's frequency");
        }
        return Optional.empty();
    }

    /** Tells whether the source must have lost its reference, for its last update was first seen so long ago. */
    boolean isStale(long updateSeenNanos) {
        if (snapshot.reference().equals(ReferenceId.LOCAL)) {
            return false; // allowed by the operator, and never updated
        }
        long intervalNanos = Math.min(snapshot.lastUpdateIntervalNanos(), ClockSnapshot.MAX_MAGNITUDE / UPDATES_MISSED);
        return askedNanos - updateSeenNanos > Math.max(UPDATES_MISSED * intervalNanos, LEAST_SOURCE_AGE_NANOS);
    }

    /** Returns |correction| + root dispersion + root delay / 2: how wrong the wall clock can be (RFC 5905, section 11). */
    long errorBoundNanos() {
        // chronyd before 4.7 forgets a step that it was not allowed to make; only the last offset still shows it, as it
        // was at the update: what the clock ran away since then is in the correction
        return explainedNanos(snapshot) + (isStepForgotten ? snapshot.lastOffsetNanos() : 0);
    }

    private static long explainedNanos(ClockSnapshot snapshot) {
        long distance = snapshot.rootDispersionNanos() + (snapshot.rootDelayNanos() + 1) / 2;
        return Math.abs(snapshot.correctionNanos()) + snapshot.correctionErrorNanos() + distance;
    }

    /**
     * Returns how fast the bound can grow after this answer, ppb; at least {@link ClockErrorBound#DRIFT_LIMIT_PPB} means
     * that nothing is known.
     *
     * @param previous the answer before this one, if it can be compared
     */
    long maxDriftPpb(long maxClockErrorPpb, @Nullable Answer previous) {
        long ppb = maxClockErrorPpb + snapshot.skewPpb() + snapshot.residualFrequencyPpb() + undisciplinedPpb(previous);
        if (ppb >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            return ClockErrorBound.DRIFT_LIMIT_PPB;
        }
        return withMargin(ppb);
    }

    /**
     * Returns the fastest slew, ppb, that a source may begin whose next estimate is no worse than its last: from one end of
     * the interval to the other in a second, the shortest that a slew takes.
     */
    static long slewAcrossPpb(long boundNanos) {
        return withMargin(Math.min(boundNanos, MAX_SLEW_PPB / 2) * 2);
    }

    /** Returns a tenth more, because the monotonic clock that measures the age is slewed itself. */
    private static long withMargin(long ppb) {
        return (ppb * 11 + 9) / 10;
    }

    /**
     * Returns how fast the correction can move away: because nobody applies it (chronyd -x), or because a slew is under way
     * that would not end if the source died now.
     */
    private long undisciplinedPpb(@Nullable Answer previous) {
        if (previous == null || !isOfSameUpdateAs(previous) || askedNanos - previous.receivedNanos <= 0) {
            // An update may have begun a slew that no two answers have measured yet. It lasts a second at least, and
            // most of that may be over: it began with what the slew before it had left and what the update found.
            long leftNanos = Math.abs(snapshot.correctionNanos());
            long leftBeforeNanos = previous == null ? 0 : Math.abs(previous.snapshot.correctionNanos());
            long slewPpb = Math.min(Math.max(leftNanos, leftBeforeNanos) + snapshot.lastOffsetNanos(), MAX_SLEW_PPB);
            return Math.max(snapshot.frequencyPpb(), slewPpb);
        }
        long movedPpb = movedPpb(previous);
        // a source that disciplines the clock reports the same frequency and applies it: only the movement tells
        boolean isApplied = movedPpb < snapshot.frequencyPpb() / 2;
        return isApplied ? movedPpb : Math.max(movedPpb, snapshot.frequencyPpb());
    }

    /** Returns how fast the signed correction moved since {@code previous}, ppb, rounded up. */
    private long movedPpb(Answer previous) {
        ClockSnapshot then = previous.snapshot;
        long movedNanos = Math.abs(snapshot.correctionNanos() - then.correctionNanos())
                + snapshot.correctionErrorNanos()
                + then.correctionErrorNanos();
        long betweenNanos = askedNanos - previous.receivedNanos;
        // the second condition keeps the product within a long; so much movement within a poll is beyond any slew
        if (movedNanos >= betweenNanos || movedNanos > Long.MAX_VALUE / NANOS_PER_SECOND) {
            return ClockErrorBound.DRIFT_LIMIT_PPB;
        }
        return movedNanos * NANOS_PER_SECOND / betweenNanos + 1;
    }
}
