/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.Basis;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reply of the time source and the two monotonic times between which it was made. Immutable.
 *
 * @param snapshot what the source says
 * @param askedNanos monotonic time before the first question
 * @param receivedNanos monotonic time after the reply was received
 */
record SourceReply(ClockSnapshot snapshot, long askedNanos, long receivedNanos) {

    /** What happened to the source's estimate between two replies. */
    enum Change {
        /** Nothing: it is the same estimate, and the correction moved only as a slew or the oscillator moves it. */
        NONE,
        /** One update, whose last offset tells by how much the estimate was set back. */
        ONE_UPDATE,
        /** One update or several, not all of it known; or another reference; or there was no reply before. */
        UNKNOWN,
        /** The estimate was moved without a measurement: a step or an offset by hand. */
        BY_HAND
    }

    /** The fastest that Linux slews a clock, and so a correction that is being applied. */
    static final long MAX_SLEW_PPB = 100_000_000;

    /** chronyd's skew after a single update: one second per second. */
    private static final long SKEW_CEILING_PPB = 1_000_000_000;

    /**
     * The share of a time by which a clock that is slewed meanwhile shows too little of it, or too much: ours, or chronyd's own,
     * by which it tells ages and intervals. A clock that runs a tenth slow shows nine tenths; an eighth more is enough.
     */
    static final long SLEW_SHARE = 8;

    private static final long MILLI = 1_000_000;

    /** Returns why this reply proves that the source does not know the time, if it does. */
    Optional<String> refusal(boolean isLocalReferenceAllowed) {
        if (snapshot.leap() == LeapStatus.UNSYNCHRONIZED || !hasReference()) {
            String why = snapshot.basis() instanceof EstimateOnly only ? "; " + only.reason() : "";
            return Optional.of("the time source is not synchronised: it has no reference" + why);
        }
        if (snapshot.reference().equals(ReferenceId.LOCAL) && !isLocalReferenceAllowed) {
            return Optional.of(
                    "the time source follows nothing but its own clock (local mode), which says nothing of true "
                            + "time; closed networks may allow a local reference");
        }
        if (snapshot.skewPpb() >= SKEW_CEILING_PPB && !isOfFirstUpdate()) {
            return Optional.of(
                    "the time source does not know the clock's frequency (its skew is 1000000 ppm); should that last,"
                            + " chrony.conf leaves it too few samples (maxsamples) or refuses what it finds (maxupdateskew)");
        }
        return Optional.empty();
    }

    /**
     * Tells whether the time source has made a single update since it was started. Its measurements may then be those of an
     * earlier run, made with a correction that is lost: chronyd saves them ({@code -r}, {@code dumpdir}).
     */
    boolean isOfFirstUpdate() {
        return snapshot.lastUpdateIntervalNanos() == 0 && !snapshot.reference().equals(ReferenceId.LOCAL);
    }

    /** Tells what happened to the estimate since the reply before this one. */
    Change since(@Nullable SourceReply before) {
        if (before == null || !before.snapshot.reference().equals(snapshot.reference())) {
            return Change.UNKNOWN;
        }
        if (before.snapshot.referenceTime().equals(snapshot.referenceTime())) {
            return Math.abs(snapshot.correctionNanos() - before.snapshot.correctionNanos()) <= maxSlewNanosSince(before)
                    ? Change.NONE
                    : Change.BY_HAND;
        }
        // it may have measured before or after; a source without statistics says that no update sets it back
        boolean isUpdate = isNewMeasurementSince(before) && snapshot.lastOffsetNanos() == 0;
        if (hasStatisticsOf(before.snapshot) && !isUpdate) {
            return Change.BY_HAND;
        }
        return isOneUpdateSince(before) ? Change.ONE_UPDATE : Change.UNKNOWN;
    }

    /** Tells whether the last two updates were further apart than this reply and another, so that one at most came between them. */
    private boolean isOneUpdateSince(SourceReply before) {
        long betweenNanos = receivedNanos - before.askedNanos;
        return snapshot.lastUpdateIntervalNanos()
                > NanosRange.saturatedSum(betweenNanos, betweenNanos / SLEW_SHARE + MILLI);
    }

    /**
     * Tells whether the source may have been started since another reply, and may rest on what it has saved: it has not measured
     * since, and made more than one update.
     */
    boolean mayBeRestartedSince(@Nullable SourceReply before) {
        return isOfFirstUpdate()
                || !hasReference()
                || (before != null && !isOneUpdateSince(before) && !isMeasuredAfter(before));
    }

    /** Tells whether the source's estimate is another than it was in another reply. */
    boolean isUpdateSince(@Nullable SourceReply before) {
        return before == null
                || !before.snapshot.reference().equals(snapshot.reference())
                || !before.snapshot.referenceTime().equals(snapshot.referenceTime());
    }

    /** Tells whether the source was restarted since another reply, and has made no second update yet. */
    boolean isRestartSince(@Nullable SourceReply before) {
        return before != null
                && before.snapshot.lastUpdateIntervalNanos() > 0
                && snapshot.lastUpdateIntervalNanos() == 0;
    }

    /** Returns how far a slew or the oscillator can have moved the correction at most since another reply. */
    long maxSlewNanosSince(SourceReply before) {
        long betweenNanos = receivedNanos - before.askedNanos;
        return NanosRange.saturatedSum(
                betweenNanos / SLEW_SHARE + 1,
                snapshot.correctionErrorNanos() + before.snapshot.correctionErrorNanos());
    }

    /**
     * Returns the monotonic time before which what the reply rests on was certainly not begun: a measurement half its delay
     * before it was made. The source tells its age by its own clock, and ours may have been slewed meanwhile.
     */
    long begunNanos() {
        if (!(snapshot.basis() instanceof Measurement measurement)) {
            return askedNanos;
        }
        long toldNanos = NanosRange.saturatedSum(measurement.ageNanos(), measurement.errorNanos());
        return askedNanos - NanosRange.saturatedSum(toldNanos, toldNanos / SLEW_SHARE + 1);
    }

    /**
     * Tells whether the correction can be what slews have left, of that of another reply and of what one update since has found. A
     * slew only makes a correction smaller, but for an eighth by which it may end late.
     */
    boolean isLeftBySlews(SourceReply before) {
        long leftNanos = before.snapshot.correctionNanos();
        long foundNanos = -snapshot.lastOffsetNanos();
        long sumNanos = NanosRange.saturatedSum(leftNanos, foundNanos);
        NanosRange possible = new NanosRange(
                Math.min(0, Math.min(foundNanos, sumNanos)), Math.max(0, Math.max(foundNanos, sumNanos)));
        long lateNanos = NanosRange.saturatedSum(Math.abs(leftNanos / SLEW_SHARE), Math.abs(foundNanos / SLEW_SHARE));
        long errorNanos = NanosRange.saturatedSum(
                snapshot.correctionErrorNanos() + snapshot.lastOffsetErrorNanos(),
                before.snapshot.correctionErrorNanos() + 10_000);
        NanosRange allowed = possible.widened(NanosRange.saturatedSum(lateNanos, errorNanos));
        long missingNanos = NanosRange.distance(sumNanos, snapshot.correctionNanos());
        return allowed.minimum() <= snapshot.correctionNanos()
                && snapshot.correctionNanos() <= allowed.maximum()
                && missingNanos <= maxSlewNanosSince(before);
    }

    /** Tells whether the source has measured since another reply; one that only estimates, whether it did that anew. */
    boolean isNewMeasurementSince(@Nullable SourceReply before) {
        if (before == null || !before.snapshot.reference().equals(snapshot.reference())) {
            return true;
        }
        Basis now = snapshot.basis();
        Basis then = before.snapshot.basis();
        if (now instanceof Measurement newer && then instanceof Measurement older) {
            return newer.id() != older.id();
        }
        return !before.snapshot.referenceTime().equals(snapshot.referenceTime())
                || now instanceof EstimateOnly != then instanceof EstimateOnly;
    }

    /**
     * Tells whether what this reply rests on was measured after another reply was made; where the source tells no measurements,
     * whether it has updated its estimate since.
     */
    boolean isMeasuredAfter(SourceReply other) {
        if (!(snapshot.basis() instanceof Measurement)) {
            return other.snapshot.basis() instanceof EstimateOnly && isUpdateSince(other);
        }
        boolean isComparable = other.snapshot.basis() instanceof Measurement
                && other.snapshot.reference().equals(snapshot.reference());
        return isComparable ? isNewMeasurementSince(other) : begunNanos() - other.receivedNanos > 0;
    }

    /** Tells whether nothing that the source says now accounts for what the last update found. */
    boolean isOffsetUnexplained(@Nullable SourceReply before) {
        long errorNanos =
                snapshot.basis() instanceof Measurement measurement ? measurement.errorNanos() : rootDistanceNanos();
        long explainedNanos = Math.abs(snapshot.correctionNanos()) + snapshot.correctionErrorNanos() + errorNanos;
        long leftNanos = before == null ? 0 : Math.abs(before.snapshot.correctionNanos());
        return Math.abs(snapshot.lastOffsetNanos()) + leftNanos > explainedNanos;
    }

    /** Tells whether the source follows anything. */
    boolean hasReference() {
        return snapshot.reference().code() != 0;
    }

    /** An update changes at least one of these; a step or an offset by hand changes none of them. */
    private boolean hasStatisticsOf(ClockSnapshot other) {
        return snapshot.lastOffsetNanos() == other.lastOffsetNanos()
                && snapshot.lastUpdateIntervalNanos() == other.lastUpdateIntervalNanos()
                && snapshot.frequencyPpb() == other.frequencyPpb()
                && snapshot.residualFrequencyPpb() == other.residualFrequencyPpb()
                && snapshot.skewPpb() == other.skewPpb()
                && snapshot.rootDelayNanos() == other.rootDelayNanos();
    }

    /** Returns root dispersion + root delay / 2: how wrong the source thinks that its estimate can be. */
    long rootDistanceNanos() {
        return snapshot.rootDispersionNanos() + (snapshot.rootDelayNanos() + 1) / 2;
    }
}
