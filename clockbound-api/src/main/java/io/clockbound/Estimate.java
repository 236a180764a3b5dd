/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.SourceReply.Change;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How wrong the source's estimate of true time can be after a reply, and so how wrong the wall clock can be. Immutable.
 *
 * <p>This is the argument for the bound. The estimate is E = wall clock + correction. What is known of it:
 *
 * <ol>
 *   <li>When the reference is honest, the newest measurement says that E − true time is within {@code offset ± error} (RFC
 *       5905: half the delay plus the dispersion), and within {@code offset ± (error + rate × age)} by now. The rate is the
 *       most by which E can run off: {@code 9/8 × (max clock error + skew + |residual frequency| + frequency change)}; the eighth is for
 *       the clock that measures the age, which is itself slewed. See {@link #measured}.
 *   <li>What was known after the reply before still holds, grown by {@code rate × time}, if nothing else happened to E; an
 *       update moves it by minus its last offset. Both are true, so what is in both is. See {@link #carried}.
 *   <li>The wall clock is E − correction now. The source goes on slewing it towards E; so until the next reply it is between
 *       the two, unless the correction is not applied. See {@link #wallError}.
 *   <li>From then on it runs off by {@code rate}, and by what is not known of how it is moved. See {@link #driftPpb}.
 * </ol>
 *
 * <p>Root delay and root dispersion are in none of this: they belong to an estimate, which lags behind what was measured when
 * the oscillator changes its frequency, and may be a mean of servers of whom only one is vouched for.
 *
 * @param reply the reply
 * @param ratePpb how fast the estimate can run off
 * @param error the estimate minus true time, from the reply until it was received
 * @param wallError the wall clock minus true time, from the reply until the next one but for what drifts
 * @param driftPpb how fast the wall clock can drift out of that range; from {@link ClockErrorBound#DRIFT_LIMIT_PPB} on
 *     nothing is known
 * @param measuredNanos monotonic time of the newest measurement, at the earliest, but for what our clock was slewed since
 * @param begunNanos monotonic time before which it was certainly not begun
 * @param isForgetting whether the forgotten steps still have to be added to the error
 * @param unexplained the reply since which the estimate is not what was measured, because it was moved by hand, or by a step
 *     that the source was not allowed to make; null when the source has measured since
 * @param discipline whether the correction is applied
 * @param isOfThisReply whether the reply itself bounds the estimate; otherwise it only left alone what was known before
 */
record Estimate(
        SourceReply reply,
        int ratePpb,
        NanosRange error,
        NanosRange wallError,
        long driftPpb,
        long measuredNanos,
        long begunNanos,
        boolean isForgetting,
        @Nullable SourceReply unexplained,
        DisciplineProof discipline,
        boolean isOfThisReply) {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Returns how fast the estimate can run off at most, ppb; from the limit on nothing is known. */
    static long ratePpb(ClockSnapshot snapshot, long frequencyChangePpb, BoundSettings settings) {
        return withMargin(settings.maxClockErrorPpb()
                + atMostLimit(snapshot.skewPpb())
                + atMostLimit(snapshot.residualFrequencyPpb())
                + atMostLimit(frequencyChangePpb));
    }

    /**
     * Returns what is known after another reply; nothing when the source tells no measurement and none is known from before.
     *
     * @param before what was known after the reply before; null after the first one, and after whatever made that worthless
     * @param forgotten the steps that the source may have forgotten
     * @param referenceErrorNanos how far the reference clock itself can be from true time
     * @param frequencyChangePpb how far the source's frequency is from those of its last updates
     * @param isDisrupted whether the source has yet to measure the clock since it was disrupted: until then what is known
     *     of it is wrong, and must not be carried into the time after that
     */
    static Optional<Estimate> after(
            @Nullable Estimate before,
            SourceReply now,
            ForgottenSteps forgotten,
            long referenceErrorNanos,
            long frequencyChangePpb,
            boolean isDisrupted,
            BoundSettings settings) {
        SourceReply last = before == null ? null : before.reply;
        Change change = now.since(last);
        boolean isNew = before == null || now.isNewMeasurementSince(last);
        DisciplineProof discipline =
                (before == null ? DisciplineProof.UNKNOWN : before.discipline).after(last, now, change);
        int ratePpb = (int) ratePpb(now.snapshot(), frequencyChangePpb, settings);

        long measuredNanos = measuredNanos(now);
        long begunNanos = now.begunNanos();
        if (before != null && !isNew) { // each reply tells the age of the measurement anew, and the smallest counts
            measuredNanos = later(before.measuredNanos, measuredNanos);
            begunNanos = later(before.begunNanos, begunNanos);
        }
        Estimate undisrupted = isDisrupted ? null : before;
        boolean isForgetting = forgotten.nanos() > 0 && (undisrupted == null || undisrupted.isForgetting);
        SourceReply unexplained = undisrupted == null ? null : undisrupted.unexplainedAfter(now, change, discipline);
        Optional<NanosRange> measured = measured(now, measuredNanos, referenceErrorNanos, ratePpb, settings);
        Optional<NanosRange> carried = undisrupted == null || undisrupted.unexplained != null || unexplained != null
                ? Optional.empty()
                : undisrupted.carried(now, change, ratePpb);
        Optional<NanosRange> both = measured.isPresent() && carried.isPresent()
                // when they have nothing in common, a reference was not honest: the newest measurement counts
                ? measured.get().intersection(carried.get()).or(() -> measured)
                : measured.or(() -> carried);
        if (both.isEmpty()) {
            return Optional.empty();
        }
        NanosRange error = isForgetting ? both.get().widened(forgotten.nanos()) : both.get();

        boolean isUndisciplined = isUndisciplined(discipline, settings);
        NanosRange wallError = wallError(error, now.snapshot(), isUndisciplined);
        if (undisrupted != null && unexplained != null) {
            // either the estimate was moved as the source says, or it was not and the wall clock is where it was
            wallError = wallError.hull(undisrupted.wallErrorAt(now.receivedNanos()));
        }
        long driftPpb = driftPpb(last, now, change, ratePpb, isUndisciplined);
        return Optional.of(new Estimate(
                now,
                ratePpb,
                error,
                wallError,
                driftPpb,
                measuredNanos,
                begunNanos,
                isForgetting,
                unexplained,
                discipline,
                measured.isPresent()));
    }

    private static long measuredNanos(SourceReply now) {
        return now.snapshot().basis() instanceof Measurement measurement
                ? now.askedNanos() - measurement.ageNanos()
                : now.askedNanos();
    }

    private static long later(long oneNanos, long otherNanos) {
        return oneNanos - otherNanos > 0 ? oneNanos : otherNanos;
    }

    /** Step 1: the estimate's error by the newest measurement. */
    private static Optional<NanosRange> measured(
            SourceReply now, long measuredNanos, long referenceErrorNanos, int ratePpb, BoundSettings settings) {
        long offsetNanos = 0;
        if (now.snapshot().basis() instanceof Measurement measurement) {
            offsetNanos = measurement.offsetNanos();
        } else if (!isEstimateEnough(now.snapshot(), settings)) {
            return Optional.empty();
        }
        return Optional.of(NanosRange.around(offsetNanos, ownErrorNanos(now))
                .widened(referenceErrorNanos)
                .widened(ageNanos(now, measuredNanos, ratePpb)));
    }

    private static long ownErrorNanos(SourceReply now) {
        return now.snapshot().basis() instanceof Measurement measurement
                ? measurement.errorNanos()
                : now.rootDistanceNanos();
    }

    /** Returns what the estimate can have run off since the measurement, or since a mere estimate was asked for. */
    private static long ageNanos(SourceReply now, long measuredNanos, int ratePpb) {
        long sinceNanos = now.snapshot().basis() instanceof Measurement ? measuredNanos : now.askedNanos();
        return ClockErrorBound.growthNanos(now.receivedNanos() - sinceNanos, ratePpb);
    }

    /**
     * Returns what a bound is made of.
     *
     * @param boundNanos the half width that follows from {@link #wallError}
     */
    BoundTerms terms(OptionalLong referenceErrorNanos, long boundNanos) {
        long ownNanos = isOfThisReply ? ownErrorNanos(reply) : 0;
        OptionalLong referenceNanos = isOfThisReply ? referenceErrorNanos : OptionalLong.empty();
        long ageNanos = isOfThisReply ? ageNanos(reply, measuredNanos, ratePpb) : 0;
        return new BoundTerms(
                ownNanos,
                referenceNanos,
                ageNanos,
                error.halfWidth() - ownNanos - referenceNanos.orElse(0) - ageNanos,
                wallError.halfWidth() - error.halfWidth(),
                boundNanos - wallError.halfWidth());
    }

    private static boolean isEstimateEnough(ClockSnapshot snapshot, BoundSettings settings) {
        return settings.estimateAllowed()
                || (settings.localReferenceAllowed() && snapshot.reference().equals(ReferenceId.LOCAL));
    }

    /** Step 2: the estimate's error by what was known before, where it is certain what happened to it since. */
    private Optional<NanosRange> carried(SourceReply now, Change change, int newRatePpb) {
        long betweenNanos = now.receivedNanos() - reply.receivedNanos();
        long grownNanos = ClockErrorBound.growthNanos(betweenNanos, Math.max(ratePpb, newRatePpb));
        ClockSnapshot snapshot = now.snapshot();
        return switch (change) {
            case NONE -> Optional.of(error.widened(grownNanos));
            case ONE_UPDATE ->
                Optional.of(error.shifted(-snapshot.lastOffsetNanos())
                        .widened(grownNanos)
                        .widened(snapshot.lastOffsetErrorNanos()));
            case UNKNOWN, BY_HAND -> Optional.empty();
        };
    }

    /** Returns the wall clock minus true time as it follows from this alone. */
    private NanosRange wallErrorAt(long nowNanos) {
        int fastestPpb = (int) Math.min(driftPpb, ClockErrorBound.DRIFT_LIMIT_PPB - 1);
        return wallError.widened(ClockErrorBound.growthNanos(nowNanos - reply.receivedNanos(), fastestPpb));
    }

    /** Returns the reply since which the estimate is not what was measured; null when it is. */
    private @Nullable SourceReply unexplainedAfter(SourceReply now, Change change, DisciplineProof nowDiscipline) {
        if (change == Change.BY_HAND || isForgetful(reply, now, change, nowDiscipline)) {
            return now;
        }
        return unexplained == null || now.isMeasuredAfter(unexplained) ? null : unexplained;
    }

    /**
     * Tells whether an update may have taken an offset off the estimate that went neither into the correction nor into the
     * clock. chronyd before 4.7 that may not step the clock does that whenever {@code makestep} applies: it believes that it
     * stepped. A slew that began at once looks alike where the clock may be disciplined.
     */
    private static boolean isForgetful(SourceReply last, SourceReply now, Change change, DisciplineProof discipline) {
        ClockSnapshot snapshot = now.snapshot();
        return switch (change) {
            case ONE_UPDATE -> {
                boolean isSlew = discipline.kind() == DisciplineProof.Kind.DISCIPLINED && now.isLeftBySlews(last);
                yield !isSlew && !DisciplineProof.isAsFrequencySays(last, now, snapshot.lastOffsetNanos());
            }
            case UNKNOWN -> discipline.kind() != DisciplineProof.Kind.DISCIPLINED && now.isOffsetUnexplained(last);
            case NONE, BY_HAND -> false;
        };
    }

    private static boolean isUndisciplined(DisciplineProof discipline, BoundSettings settings) {
        return switch (settings.discipline()) {
            case DISCIPLINED -> false;
            case UNDISCIPLINED -> discipline.kind() != DisciplineProof.Kind.DISCIPLINED;
            case AUTO -> discipline.kind() == DisciplineProof.Kind.UNDISCIPLINED;
        };
    }

    /** Step 3: the wall clock is behind the estimate by the correction, and moves towards it. */
    private static NanosRange wallError(NanosRange error, ClockSnapshot snapshot, boolean isUndisciplined) {
        NanosRange now = error.shifted(-snapshot.correctionNanos()).widened(snapshot.correctionErrorNanos());
        return isUndisciplined ? now : now.hull(error);
    }

    /** Step 4: how fast the wall clock can drift out of that range. */
    private static long driftPpb(
            @Nullable SourceReply last, SourceReply now, Change change, int ratePpb, boolean isUndisciplined) {
        long movingPpb = isUndisciplined
                ? Math.abs(now.snapshot().frequencyPpb())
                : change == Change.NONE && last != null ? movingPpb(last, now) : unseenMovingPpb(last, now);
        return ratePpb + withMargin(atMostLimit(movingPpb));
    }

    /**
     * Returns how fast the correction moves: because it is not applied, or because of a slew that would not end if the source
     * died now. A source that disciplines the clock tells the same frequency and applies it: only the movement shows.
     */
    private static long movingPpb(SourceReply last, SourceReply now) {
        long frequencyPpb = Math.abs(now.snapshot().frequencyPpb());
        long movedPpb = movedPpb(last, now);
        return movedPpb < frequencyPpb / 2 ? movedPpb : Math.max(movedPpb, frequencyPpb);
    }

    /** Returns how fast the correction moved between two replies, rounded up; nothing moves a clock faster than the limit. */
    private static long movedPpb(SourceReply last, SourceReply now) {
        long movedNanos =
                Math.abs(now.snapshot().correctionNanos() - last.snapshot().correctionNanos())
                        + now.snapshot().correctionErrorNanos()
                        + last.snapshot().correctionErrorNanos();
        long betweenNanos = now.askedNanos() - last.receivedNanos();
        // a larger movement is beyond any slew, and the rest keeps the product within a long
        if (betweenNanos <= 0 || movedNanos >= betweenNanos / 10 || movedNanos > Long.MAX_VALUE / NANOS_PER_SECOND) {
            return SourceReply.MAX_SLEW_PPB;
        }
        return movedNanos * NANOS_PER_SECOND / betweenNanos + 1;
    }

    /**
     * Returns how fast the correction may move after an update whose movement no two replies have shown yet. A slew takes a
     * second at least, and begins with what the slew before it had left and what the update found.
     */
    private static long unseenMovingPpb(@Nullable SourceReply last, SourceReply now) {
        ClockSnapshot snapshot = now.snapshot();
        long leftNanos = Math.abs(snapshot.correctionNanos());
        long leftBeforeNanos = last == null ? 0 : Math.abs(last.snapshot().correctionNanos());
        long slewPpb = Math.min(
                Math.max(leftNanos, leftBeforeNanos) + Math.abs(snapshot.lastOffsetNanos()), SourceReply.MAX_SLEW_PPB);
        return Math.max(Math.abs(snapshot.frequencyPpb()), slewPpb);
    }

    /** Returns an eighth more, rounded up: the monotonic clock, which measures the time, is slewed itself. */
    static long withMargin(long ppb) {
        return ppb + (ppb + SourceReply.SLEW_SHARE - 1) / SourceReply.SLEW_SHARE;
    }

    /** Keeps the sum of a few rates within a {@code long}; nothing is known at the limit anyway. */
    private static long atMostLimit(long ppb) {
        return Math.min(ppb, ClockErrorBound.DRIFT_LIMIT_PPB);
    }
}
