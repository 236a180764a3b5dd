/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What all polls so far have shown, and what follows from one more. Immutable; every method is a function of its arguments
 * alone. {@link Estimate} has the argument for the bound, this has that for the trust.
 *
 * @param published what readers have
 * @param replied the bound that the last usable reply established; it goes on growing while there is no other
 * @param last the last reply, usable or not
 * @param estimate how wrong the source's estimate can be; null when nothing of it is known any more
 * @param updateSeenNanos monotonic time before the poll that showed the present estimate first
 * @param holdoverEndNanos monotonic time until which a source is believed that has lost its reference
 * @param lostFrequencyPpb what a restarted source may have forgotten of the oscillator's frequency error
 * @param updatesUntilFound how many updates it takes to find it again
 * @param leap the announced leap second
 * @param errors the error of the reference clock itself
 * @param steps the disruptions
 */
record PollState(
        ClockErrorBound published,
        ClockErrorBound replied,
        @Nullable SourceReply last,
        @Nullable Estimate estimate,
        long updateSeenNanos,
        long holdoverEndNanos,
        long lostFrequencyPpb,
        int updatesUntilFound,
        LeapSecond leap,
        ReferenceErrors errors,
        Steps steps) {

    /** What the state was before the first poll. */
    static final PollState INITIAL = new PollState(
            ClockErrorBound.unknown(),
            ClockErrorBound.unknown(),
            null,
            null,
            0,
            0,
            0,
            0,
            LeapSecond.NONE,
            ReferenceErrors.NONE,
            Steps.NONE);

    private static final String MAY_DRIFT = "the clock may drift by a second per second";
    private static final String FORCED = "a disruption is forced";
    private static final String CONTRADICTED = "synchronised; but somebody sets this clock, as its correction shows:"
            + " clock=undisciplined is not true, and counts for nothing";

    /** What is known of the reference's own error at a poll. */
    sealed interface ReferenceError {

        /** The providers tell it; it may have been another when the source measured. */
        record Told(long nanos) implements ReferenceError {}

        /** An operator told it, and it does not change. */
        record Configured(long nanos) implements ReferenceError {}

        /** There is none: what the source reports of a server includes the server's error. */
        record None() implements ReferenceError {}

        /** Nobody knows this reference clock. */
        record Unknown() implements ReferenceError {}

        /** The provider that knows it cannot tell now. */
        record Failed(String reason) implements ReferenceError {}
    }

    /**
     * What the program sees at a poll, apart from the reply.
     *
     * @param witness taken before the question, with what a comparison after the reply cannot rule out
     * @param vmClock the counters of the VMClock; null when none is watched
     * @param nowNanos monotonic time
     * @param isForced whether an operator has declared the clock disrupted
     * @param peer the address that the time source asks
     */
    record Surroundings(
            Witness witness, @Nullable VmClockCounters vmClock, long nowNanos, boolean isForced, String peer) {}

    /** The outcome of a poll as it is published, and the state after it. */
    record Next(PollState state, PollOutcome outcome) {}

    /** How often a source may miss its poll interval before it runs free. */
    private static final long POLLS_MISSED = 4;

    /** How often a source that tells no measurement may miss its update interval. */
    private static final long UPDATES_MISSED = 8;

    /** However often the source measures, it does not run free before that. */
    private static final long MINIMUM_LATE_NANOS = 16_000_000_000L;

    /** How long a source takes to find a frequency that it forgot. */
    private static final int UPDATES_TO_FIND_FREQUENCY = 8;

    /** Returns what follows from a reply: first what it shows, whatever it is worth, then what it is worth. */
    Next afterReply(SourceReply reply, ReferenceError referenceError, Surroundings here, BoundSettings settings) {
        return noting(reply, referenceError, here.witness).judging(reply, last, referenceError, here, settings);
    }

    private PollState noting(SourceReply reply, ReferenceError referenceError, Witness witness) {
        ClockSnapshot snapshot = reply.snapshot();
        boolean isNewMeasurement = reply.isNewMeasurementSince(last);
        boolean isUpdate = last == null
                || !last.snapshot().reference().equals(snapshot.reference())
                || !last.snapshot().referenceTime().equals(snapshot.referenceTime());
        boolean isRestart = last != null
                && last.snapshot().lastUpdateIntervalNanos() > 0
                && snapshot.lastUpdateIntervalNanos() == 0;
        long lostPpb = lostFrequencyPpb;
        int untilFound = updatesUntilFound;
        boolean isDisciplined = estimate != null && estimate.discipline().kind() == DisciplineProof.Kind.DISCIPLINED;
        if (last != null && isRestart && !isDisciplined) {
            // it may come back with its old measurements and without the frequency that belongs to them
            lostPpb = Math.max(lostPpb, Math.abs(last.snapshot().frequencyPpb()));
            untilFound = UPDATES_TO_FIND_FREQUENCY;
        } else if (isUpdate && snapshot.lastUpdateIntervalNanos() > 0) {
            untilFound = Math.max(0, untilFound - 1);
        }
        return new PollState(
                published,
                replied,
                reply,
                isRestart ? null : estimate,
                isUpdate ? reply.askedNanos() : updateSeenNanos,
                holdoverEndNanos,
                untilFound > 0 ? lostPpb : 0,
                untilFound,
                leap.after(snapshot.leap(), latestNanos(reply, witness)),
                referenceError instanceof ReferenceError.Told told
                        ? errors.after(isNewMeasurement, new ReferenceErrors.Told(snapshot.reference(), told.nanos))
                        : errors.afterFailure(isNewMeasurement),
                steps);
    }

    private Next judging(
            SourceReply reply,
            @Nullable SourceReply previous,
            ReferenceError referenceError,
            Surroundings here,
            BoundSettings settings) {
        ClockSnapshot snapshot = reply.snapshot();
        Optional<String> refusal = reply.refusal(settings.localReferenceAllowed());
        if (refusal.isPresent()) {
            return with(null, steps).unsynchronized(refusal.get(), snapshot, here);
        }
        if (reply.isOfFirstUpdate()) {
            PollState moving = reply.since(previous) == SourceReply.Change.NONE
                    ? this
                    : with(replied.movingBy(snapshot.correctionNanos(), snapshot.correctionErrorNanos()));
            return moving.unusable(
                    "the source has made a single update since it was started: the next one will be used",
                    snapshot,
                    here,
                    settings);
        }
        OptionalLong referenceErrorNanos;
        if (referenceError instanceof ReferenceError.None) {
            referenceErrorNanos = OptionalLong.empty();
        } else if (referenceError instanceof ReferenceError.Configured configured) {
            referenceErrorNanos = OptionalLong.of(configured.nanos);
        } else if (referenceError instanceof ReferenceError.Unknown) {
            return unsynchronized(
                    "nobody tells how wrong the reference clock " + snapshot.reference()
                            + " itself can be, and the time source takes it as free of error: say it with reference-error "
                            + snapshot.reference() + "=TIME, the noise of a sample included"
                            + " (Amazon's own ENA driver tells it; the driver that comes with Linux does not)",
                    snapshot,
                    here);
        } else if (referenceError instanceof ReferenceError.Failed failed) {
            return referenceErrorUnknown(failed.reason, reply, previous, here, settings);
        } else if (errors.largestNanos().isPresent()) {
            referenceErrorNanos = errors.largestNanos();
        } else {
            return referenceErrorUnknown(
                    "the error that " + snapshot.reference()
                            + " had when the source last measured is not known; that of its next measurement will be",
                    reply,
                    previous,
                    here,
                    settings);
        }
        if (Estimate.ratePpb(snapshot, lostFrequencyPpb, settings) >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            return unsynchronized(MAY_DRIFT, snapshot, here);
        }
        // a leap second moves true time itself, which is as good as a step
        boolean isDisrupted = steps.isAwaiting() || leap.hasCome(latestNanos(reply, here.witness));
        Optional<Estimate> found = Estimate.after(
                estimate, previous, reply, referenceErrorNanos.orElse(0), lostFrequencyPpb, isDisrupted, settings);
        if (found.isEmpty()) {
            return unsynchronized(
                    snapshot.basis() instanceof EstimateOnly only ? only.reason() : "nothing was measured",
                    snapshot,
                    here);
        }
        return trusting(found.get(), referenceErrorNanos, here, settings);
    }

    /** Returns the latest that it can have been when the source was asked, as the source sees it. */
    private static long latestNanos(SourceReply reply, Witness witness) {
        return reply.askedNanos()
                + witness.nanos()
                + Math.abs(reply.snapshot().correctionNanos())
                + reply.rootDistanceNanos();
    }

    /** Publishes the bound that follows from what is known of the estimate. */
    private Next trusting(Estimate found, OptionalLong referenceErrorNanos, Surroundings here, BoundSettings settings) {
        SourceReply reply = found.reply();
        ClockSnapshot snapshot = reply.snapshot();
        NanosRange correction = found.wallError().negated();
        long boundNanos = Math.max(1, NanosRange.saturatedSum(correction.halfWidth(), here.witness.errorNanos()));
        long driftPpb = found.driftPpb() + unseenSlewPpb(boundNanos, settings);
        if (driftPpb >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            return with(found, steps).unsynchronized(MAY_DRIFT, snapshot, here);
        }
        long latestNanos =
                NanosRange.saturatedSum(reply.askedNanos() + here.witness.nanos() + correction.middle(), boundNanos);
        if (!leap.admits(snapshot, latestNanos)) {
            return with(found, steps)
                    .unsynchronized(
                            "a leap second is due or just over, and the source has not measured since", snapshot, here);
        }
        LeapSecond nextLeap = leap.isOver(snapshot, latestNanos) ? LeapSecond.NONE : leap;
        Optional<String> late = whyFreeRunning(found);
        long holdoverEnd = late.isPresent()
                ? holdoverEndNanos
                : reply.askedNanos() + settings.holdover().toNanos();
        ClockErrorBound bound = new ClockErrorBound(
                reply.askedNanos(),
                holdoverEnd,
                correction.middle(),
                boundNanos,
                (int) driftPpb,
                ClockStatus.SYNCHRONIZED,
                here.witness.nanos(),
                here.vmClock);
        ClockErrorBound limited = nextLeap.limit(bound).voidAfter(bound.asOfNanos() + renewalNanos(settings));
        PollState next = new PollState(
                published,
                limited,
                last,
                found,
                updateSeenNanos,
                holdoverEnd,
                lostFrequencyPpb,
                updatesUntilFound,
                nextLeap,
                errors,
                late.isPresent() ? steps : stepsAfter(found));
        return next.publish(
                late.isPresent() ? Result.FREE_RUNNING : Result.SYNCHRONIZED,
                late.orElse(isContradicted(found, settings) ? CONTRADICTED : "synchronised"),
                Optional.of(snapshot),
                referenceErrorNanos,
                limited,
                here);
    }

    /** Tells whether the correction moves as if somebody set the clock, though the operator says that nobody does. */
    private static boolean isContradicted(Estimate found, BoundSettings settings) {
        return settings.discipline() == BoundSettings.ClockDiscipline.UNDISCIPLINED
                && found.discipline().kind() == DisciplineProof.Kind.DISCIPLINED;
    }

    /** Says why the source has lost its reference, if it has. */
    private Optional<String> whyFreeRunning(Estimate found) {
        ClockSnapshot snapshot = found.reply().snapshot();
        if (snapshot.reference().equals(ReferenceId.LOCAL)) {
            return Optional.empty(); // allowed by the operator, and never measured
        }
        if (snapshot.basis() instanceof Measurement measurement) {
            long ageNanos = found.reply().receivedNanos() - found.measuredNanos();
            return measurement.unheard().isEmpty() && isLate(ageNanos, POLLS_MISSED, measurement.pollIntervalNanos())
                    ? Optional.of(
                            "the source has not measured for more than four of its poll intervals: it has lost its"
                                    + " reference, or does not use what it measures")
                    : measurement.unheard();
        }
        if (snapshot.basis() instanceof EstimateOnly only && !found.isOfThisReply()) {
            return Optional.of(only.reason());
        }
        long ageNanos = found.reply().askedNanos() - updateSeenNanos;
        return isLate(ageNanos, UPDATES_MISSED, snapshot.lastUpdateIntervalNanos())
                ? Optional.of("the source has not updated its estimate for long: it has lost its reference")
                : Optional.empty();
    }

    private static boolean isLate(long ageNanos, long missed, long intervalNanos) {
        long mostNanos = Math.min(intervalNanos, ClockSnapshot.MAX_MAGNITUDE / missed) * missed;
        return ageNanos > Math.max(mostNanos, MINIMUM_LATE_NANOS);
    }

    private Steps stepsAfter(Estimate found) {
        ClockSnapshot snapshot = found.reply().snapshot();
        return snapshot.basis() instanceof Measurement measurement
                // it was begun half its delay before it
                ? steps.after(new Steps.Shown(true, measurement.id()), found.measuredNanos() - measurement.errorNanos())
                : steps.after(
                        new Steps.Shown(false, BoundedInstant.epochNanos(snapshot.referenceTime())),
                        found.reply().askedNanos());
    }

    /** Returns what follows when no reply came, or none that can be used: the bound goes on growing, but not for long. */
    Next afterSilence(String detail, Surroundings here, BoundSettings settings) {
        return publish(
                Result.NO_ANSWER,
                detail,
                Optional.empty(),
                OptionalLong.empty(),
                unanswered(ClockErrorBound.GRACE_NANOS, settings),
                here);
    }

    /** Returns what follows from a reply of which no new bound can be made. */
    private Next unusable(String detail, ClockSnapshot snapshot, Surroundings here, BoundSettings settings) {
        return publish(
                Result.NO_ANSWER,
                detail,
                Optional.of(snapshot),
                OptionalLong.empty(),
                unanswered(ClockErrorBound.GRACE_NANOS, settings),
                here);
    }

    /** Returns what follows from a reply that tells what the source does, but not how wrong it may be in that. */
    private Next referenceErrorUnknown(
            String reason,
            SourceReply reply,
            @Nullable SourceReply previous,
            Surroundings here,
            BoundSettings settings) {
        PollState moving = with(replied.followedTo(reply, previous));
        return moving.publish(
                Result.REFERENCE_ERROR_UNKNOWN,
                reason,
                Optional.of(reply.snapshot()),
                OptionalLong.empty(),
                moving.unanswered(ClockErrorBound.GRACE_NANOS, settings),
                here);
    }

    /** Returns what follows from a reply that proves that nothing is known. */
    private Next unsynchronized(String detail, ClockSnapshot snapshot, Surroundings here) {
        return publish(Result.UNSYNCHRONIZED, detail, Optional.of(snapshot), OptionalLong.empty(), published, here);
    }

    /**
     * Returns what holds from the question on if no reply comes: the same as silence, told before it is certain.
     *
     * <p>It does not end the trust where silence would, when polls are further apart than that: a question that is
     * answered in time must interrupt nothing.
     */
    Next asked(Surroundings here, BoundSettings settings) {
        boolean isLate = here.nowNanos - replied.asOfNanos() > ClockErrorBound.GRACE_NANOS;
        return publish(
                Result.PENDING,
                "the time source has been asked and has not replied yet",
                Optional.empty(),
                OptionalLong.empty(),
                unanswered(isLate ? renewalNanos(settings) : ClockErrorBound.GRACE_NANOS, settings),
                here);
    }

    /** Returns the bound of the last reply, growing faster: a source that died may have begun a slew that nobody ends. */
    private ClockErrorBound unanswered(long trustNanos, BoundSettings settings) {
        long driftPpb = replied.maxDriftPpb()
                - unseenSlewPpb(replied.boundNanos(), settings)
                + slewAcrossPpb(replied.boundNanos(), settings);
        if (driftPpb >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            return replied.voidAfter(replied.asOfNanos());
        }
        return leap.limit(replied.withMaxDrift((int) driftPpb)).voidAfter(replied.asOfNanos() + trustNanos);
    }

    /** Returns for how long a bound is trusted that no poll renews: nobody knows what the source does meanwhile. */
    private static long renewalNanos(BoundSettings settings) {
        return settings.pollInterval().toNanos() + ClockErrorBound.GRACE_NANOS;
    }

    /**
     * Returns the drift that makes up, until the next poll, for a slew that begins after this one and that nobody ends. With
     * the operator's word for the fastest slew, nothing is left open; without it, a slew in the first second is.
     */
    private static long unseenSlewPpb(long boundNanos, BoundSettings settings) {
        if (settings.maxSlewRatePpb().isPresent()) {
            return slewAcrossPpb(boundNanos, settings);
        }
        long pollMillis = settings.pollInterval().toMillis();
        // in its first second, the shortest it takes, a slew does not get out of the interval
        long exposedMillis = Math.max(0, pollMillis - 1000);
        return (slewAcrossPpb(boundNanos, settings) * exposedMillis + pollMillis - 1) / pollMillis;
    }

    /**
     * Returns the fastest slew that a source may begin: what the operator says, or else, for a source whose next estimate is no
     * worse than its last, from one end of the interval to the other in a second, the shortest that a slew takes.
     */
    private static long slewAcrossPpb(long boundNanos, BoundSettings settings) {
        long ppb = settings.maxSlewRatePpb().orElse(Math.min(boundNanos, SourceReply.MAX_SLEW_PPB / 2) * 2);
        return Estimate.withMargin(ppb);
    }

    /** Returns what follows from a look at the clocks and the VMClock; empty when nothing was disrupted since the last one. */
    Optional<Next> afterLook(Surroundings here) {
        if (steps.isDisruptedBy(here.vmClock)) {
            return Optional.of(disrupted(
                    "the hypervisor says that the clock was disrupted: this machine was moved, or restored from a snapshot",
                    here));
        }
        return steps.steppedNanos(here.witness)
                .map(nanos -> disrupted("the wall clock was stepped by " + Duration.ofNanos(nanos), here));
    }

    /** Returns what follows when the clock was disrupted: nothing from before holds. */
    Next disrupted(String detail, Surroundings here) {
        return with(null, steps.disrupted(here.witness, here.vmClock, here.nowNanos))
                .publish(
                        Result.DISRUPTED,
                        detail,
                        Optional.empty(),
                        OptionalLong.empty(),
                        published.withVmClock(here.vmClock),
                        here);
    }

    /** Returns what follows when an operator declares the clock disrupted. */
    Next forced(Surroundings here) {
        return publish(Result.DISRUPTED, FORCED, Optional.empty(), OptionalLong.empty(), published, here);
    }

    /** Returns what follows from a fault of the program itself: no trust. */
    Next afterFault(String detail, Surroundings here) {
        return publish(Result.FAILED, detail, Optional.empty(), OptionalLong.empty(), published, here);
    }

    /** Returns this after a look at the clocks and the VMClock that showed no disruption. */
    PollState undisrupted(Surroundings here) {
        return with(estimate, steps.unstepped(here.witness, here.vmClock));
    }

    /** Returns what follows when the VMClock cannot be read: whether the clock was disrupted cannot be known. */
    Next withoutVmClock(String detail, Surroundings here) {
        return publish(Result.UNSYNCHRONIZED, detail, Optional.empty(), OptionalLong.empty(), published, here);
    }

    /** Gives an outcome the status that follows from it and from the present one. */
    private Next publish(
            Result result,
            String detail,
            Optional<ClockSnapshot> snapshot,
            OptionalLong referenceErrorNanos,
            ClockErrorBound bound,
            Surroundings here) {
        ClockStatus status = statusAfter(result, here);
        if (status == ClockStatus.DISRUPTED && published.status() != status && result != Result.DISRUPTED) {
            return forced(here); // since the poll began, for a step is an outcome of its own
        }
        ClockErrorBound next = bound.withStatus(status);
        ClockErrorBound aged = next.withStatus(next.statusAt(here.nowNanos));
        PollState state = new PollState(
                aged,
                replied,
                last,
                estimate,
                updateSeenNanos,
                holdoverEndNanos,
                lostFrequencyPpb,
                updatesUntilFound,
                leap,
                errors,
                steps);
        return new Next(state, new PollOutcome(result, detail, here.peer, snapshot, referenceErrorNanos, aged));
    }

    private ClockStatus statusAfter(Result result, Surroundings here) {
        if (here.isForced || steps.isAwaiting()) {
            return ClockStatus.DISRUPTED;
        }
        ClockStatus now = published.statusAt(here.nowNanos);
        return switch (result) {
            case SYNCHRONIZED -> now == ClockStatus.DISRUPTED ? ClockStatus.UNKNOWN : ClockStatus.SYNCHRONIZED;
            case FREE_RUNNING, NO_ANSWER, REFERENCE_ERROR_UNKNOWN ->
                now.isTrusted() ? ClockStatus.FREE_RUNNING : ClockStatus.UNKNOWN;
            case PENDING -> now;
            case UNSYNCHRONIZED, FAILED -> ClockStatus.UNKNOWN;
            case DISRUPTED -> ClockStatus.DISRUPTED;
        };
    }

    private PollState with(@Nullable Estimate otherEstimate, Steps otherSteps) {
        return new PollState(
                published,
                replied,
                last,
                otherEstimate,
                updateSeenNanos,
                holdoverEndNanos,
                lostFrequencyPpb,
                updatesUntilFound,
                leap,
                errors,
                otherSteps);
    }

    private PollState with(ClockErrorBound otherReplied) {
        return new PollState(
                published,
                otherReplied,
                last,
                estimate,
                updateSeenNanos,
                holdoverEndNanos,
                lostFrequencyPpb,
                updatesUntilFound,
                leap,
                errors,
                steps);
    }
}
