/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.Measurement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What all polls have shown so far, and what follows from one more. Immutable; every method is a function of its arguments
 * alone. {@link Estimate} has the argument for the bound, this has that for the trust.
 *
 * @param published what readers have
 * @param replied the bound that the last usable reply established; it goes on growing while there is no other
 * @param holdoverEndNanos monotonic time until which a source is believed that has lost its reference
 * @param history what the replies of the source have shown
 * @param steps the disruptions
 */
record PollState(
        ClockErrorBound published, ClockErrorBound replied, long holdoverEndNanos, SourceHistory history, Steps steps) {

    /** The state before the first poll. */
    static final PollState INITIAL =
            new PollState(ClockErrorBound.unknown(), ClockErrorBound.unknown(), 0, SourceHistory.NONE, Steps.NONE);

    private static final String FROM_BEFORE =
            "the time source has turned to another reference, which it has not measured since the"
                    + " clock was disrupted";
    private static final String MAY_DRIFT = "the clock may drift by a second per second";
    private static final String CONTRADICTED = "synchronised; but its correction shows that this clock is being set:"
            + " clock=undisciplined is not true and is ignored";

    /**
     * What the program sees at a poll, apart from the reply.
     *
     * @param witness taken before the question; its error covers a step between question and reply too small to be seen
     * @param vmClock the counters of the VMClock; null when none is watched
     * @param nowNanos monotonic time
     * @param beganNanos monotonic time when the poll began
     * @param isForced whether an operator has declared the clock disrupted
     * @param peer the address that the time source asks
     */
    record Surroundings(
            Witness witness,
            @Nullable VmClockCounters vmClock,
            long nowNanos,
            long beganNanos,
            boolean isForced,
            String peer) {}

    /** The outcome of a poll as it is published, and the state after it. */
    record Next(PollState state, PollOutcome outcome) {}

    /** Returns what follows from a reply: first what it shows, whatever it is worth, then what it is worth. */
    Next afterReply(SourceReply reply, ReferenceError error, Surroundings here, BoundSettings settings) {
        SourceReply previous = history.last();
        return withHistory(history.after(reply, error, latestNanos(reply, here.witness)))
                .judging(reply, previous, error, here, settings);
    }

    private Next judging(
            SourceReply reply,
            @Nullable SourceReply previous,
            ReferenceError error,
            Surroundings here,
            BoundSettings settings) {
        ClockSnapshot snapshot = reply.snapshot();
        Optional<String> refusal = reply.refusal(settings.localReferenceAllowed());
        if (refusal.isPresent()) {
            // what such a source does to its estimate, no reply tells: nothing of it is carried over
            return withHistory(history.withoutEstimate()).unsynchronized(refusal.get(), snapshot, here);
        }
        if (history.isOfEarlierRun(reply)) {
            return afterFirstUpdate(reply, previous, here, settings);
        }
        if (error instanceof ReferenceError.Unknown) {
            return unsynchronized(ReferenceErrors.remedy(snapshot.reference()), snapshot, here);
        }
        Optional<String> unknown = history.errors().whyUnknown(snapshot.reference(), error);
        if (unknown.isPresent()) {
            return withReplied(replied.followedTo(reply, previous))
                    .unrenewed(Result.REFERENCE_ERROR_UNKNOWN, unknown.get(), snapshot, here, settings);
        }
        long frequencyChangePpb = history.frequencies().changePpb(snapshot.frequencyPpb());
        if (Estimate.ratePpb(snapshot, frequencyChangePpb, settings) >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            return unsynchronized(MAY_DRIFT, snapshot, here);
        }
        OptionalLong errorNanos = history.errors().nanos(error);
        // a leap second moves true time itself, which is as good as a step
        boolean isDisrupted = steps.isAwaiting() || history.leap().hasCome(latestNanos(reply, here.witness));
        Optional<Estimate> found = Estimate.after(
                history.estimate(),
                reply,
                history.forgotten(),
                errorNanos.orElse(0),
                frequencyChangePpb,
                isDisrupted,
                settings);
        if (found.isEmpty()) {
            return unsynchronized(
                    snapshot.basis() instanceof EstimateOnly only ? only.reason() : "nothing was measured",
                    snapshot,
                    here);
        }
        if (!steps.isAwaiting()
                && snapshot.basis() instanceof Measurement
                && steps.isFromBefore(found.get().begunNanos())) {
            return withHistory(history.withoutEstimate()).unsynchronized(FROM_BEFORE, snapshot, here);
        }
        return trusting(found.get(), errorNanos, here, settings);
    }

    /** Publishes the bound that follows from what is known of the estimate. */
    private Next trusting(Estimate found, OptionalLong errorNanos, Surroundings here, BoundSettings settings) {
        SourceReply reply = found.reply();
        ClockSnapshot snapshot = reply.snapshot();
        NanosRange correction = found.wallError().negated();
        long boundNanos = Math.max(1, NanosRange.saturatedSum(correction.halfWidth(), here.witness.errorNanos()));
        long driftPpb = found.driftPpb() + new UnseenSlew(settings).untilNextPollPpb(boundNanos);
        if (driftPpb >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            return withHistory(history.withEstimate(found)).unsynchronized(MAY_DRIFT, snapshot, here);
        }
        long latestNanos =
                NanosRange.saturatedSum(reply.askedNanos() + here.witness.nanos() + correction.middle(), boundNanos);
        LeapSecond leap = history.leap();
        long measuredNanos = measuredNanos(found, here.witness);
        if (!leap.admits(snapshot, measuredNanos, latestNanos)) {
            return withHistory(history.withEstimate(found))
                    .unsynchronized(
                            "a leap second is due or just over, and the time source has not measured since",
                            snapshot,
                            here);
        }
        LeapSecond nextLeap = leap.isOver(snapshot, measuredNanos, latestNanos) ? LeapSecond.NONE : leap;
        Optional<String> late = history.whyFreeRunning(found);
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
        ClockErrorBound renewable = nextLeap.limit(bound);
        ClockErrorBound limited = renewable.voidAfter(bound.asOfNanos() + renewalNanos(settings));
        Steps nextSteps = late.isPresent() ? steps : stepsAfter(found);
        return new PollState(
                        published,
                        limited,
                        holdoverEnd,
                        history.withEstimate(found).withLeap(nextLeap),
                        nextSteps)
                .next(
                        late.isPresent() ? Result.FREE_RUNNING : Result.SYNCHRONIZED,
                        late.orElse(isContradicted(settings, found) ? CONTRADICTED : "synchronised"),
                        Optional.of(snapshot),
                        Optional.of(found.terms(errorNanos, boundNanos)),
                        limited,
                        (late.isPresent() ? renewable : limited).voidAfterNanos(),
                        here);
    }

    /** Returns the latest that it can have been when the source was asked, as the source sees it. */
    private static long latestNanos(SourceReply reply, Witness witness) {
        return reply.askedNanos()
                + witness.nanos()
                + Math.abs(reply.snapshot().correctionNanos())
                + reply.rootDistanceNanos();
    }

    /** Returns the earliest instant at which what a reply rests on can have been measured, as the wall clock shows it. */
    private static long measuredNanos(Estimate found, Witness witness) {
        ClockSnapshot snapshot = found.reply().snapshot();
        return snapshot.basis() instanceof Measurement measurement
                ? found.begunNanos()
                        + witness.nanos()
                        - Math.abs(snapshot.correctionNanos())
                        - Math.abs(measurement.offsetNanos())
                : BoundedInstant.epochNanos(snapshot.referenceTime());
    }

    /** Tells whether the correction shows that the clock is being set, though the operator says that it is not. */
    private static boolean isContradicted(BoundSettings settings, Estimate found) {
        return settings.discipline() == BoundSettings.ClockDiscipline.UNDISCIPLINED
                && found.discipline().kind() == DisciplineProof.Kind.DISCIPLINED;
    }

    private Steps stepsAfter(Estimate found) {
        ClockSnapshot snapshot = found.reply().snapshot();
        return snapshot.basis() instanceof Measurement measurement
                ? steps.after(new Steps.Shown(true, measurement.id()), found.begunNanos())
                : steps.after(
                        new Steps.Shown(false, BoundedInstant.epochNanos(snapshot.referenceTime())),
                        found.reply().askedNanos());
    }

    /** Returns what follows when no reply came, or none that can be used: the bound goes on growing, but not for long. */
    Next afterSilence(String detail, Surroundings here, BoundSettings settings) {
        return next(Result.NO_ANSWER, detail, unanswered(ClockErrorBound.GRACE_NANOS, settings), here);
    }

    /** Returns what follows from the reply of a source that was just started: it may tell of measurements of a run before. */
    private Next afterFirstUpdate(
            SourceReply reply, @Nullable SourceReply previous, Surroundings here, BoundSettings settings) {
        ClockSnapshot snapshot = reply.snapshot();
        PollState moving = reply.since(previous) == SourceReply.Change.NONE
                ? this
                : withReplied(replied.movingBy(snapshot.correctionNanos(), snapshot.correctionErrorNanos()));
        return moving.unrenewed(
                Result.NO_ANSWER,
                reply.isOfFirstUpdate()
                        ? "the time source has made a single update since it was started: the next one will be used"
                        : "the time source has not measured its reference since it was started or had none: the next"
                                + " measurement will be used",
                snapshot,
                here,
                settings);
    }

    /** Returns what follows from a reply of which no new bound can be made: the same as silence. */
    private Next unrenewed(
            Result result, String detail, ClockSnapshot snapshot, Surroundings here, BoundSettings settings) {
        ClockErrorBound bound = unanswered(ClockErrorBound.GRACE_NANOS, settings);
        return next(result, detail, Optional.of(snapshot), Optional.empty(), bound, bound.voidAfterNanos(), here);
    }

    /** Returns what follows from a reply that proves that nothing is known. */
    private Next unsynchronized(String detail, ClockSnapshot snapshot, Surroundings here) {
        return next(
                Result.UNSYNCHRONIZED,
                detail,
                Optional.of(snapshot),
                Optional.empty(),
                published,
                published.voidAfterNanos(),
                here);
    }

    /**
     * Returns what holds from the question on if no reply comes: the same as silence, published in advance.
     *
     * <p>It does not end the trust where silence would, when polls are further apart than that: a question that is answered in
     * time must interrupt nothing.
     */
    Next asked(Surroundings here, BoundSettings settings) {
        boolean isLate = here.nowNanos - replied.asOfNanos() > ClockErrorBound.GRACE_NANOS;
        long trustNanos = isLate ? renewalNanos(settings) : ClockErrorBound.GRACE_NANOS;
        return next(
                Result.PENDING,
                "the time source has been asked and has not replied yet",
                unanswered(trustNanos, settings),
                here);
    }

    /** Returns the bound of the last reply, growing faster: a source that died may have begun a slew that nothing ends. */
    private ClockErrorBound unanswered(long trustNanos, BoundSettings settings) {
        UnseenSlew slew = new UnseenSlew(settings);
        long driftPpb = replied.maxDriftPpb()
                - slew.untilNextPollPpb(replied.boundNanos())
                + slew.fastestPpb(replied.boundNanos());
        if (driftPpb >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            return replied.voidAfter(replied.asOfNanos());
        }
        return history.leap().limit(replied.withMaxDrift((int) driftPpb)).voidAfter(replied.asOfNanos() + trustNanos);
    }

    /** Returns for how long a bound is trusted that no poll renews: what the source does meanwhile is unknown. */
    private static long renewalNanos(BoundSettings settings) {
        return settings.pollInterval().toNanos() + ClockErrorBound.GRACE_NANOS;
    }

    /** Returns what follows from a look at the clocks and the VMClock; empty when nothing was disrupted since the last one. */
    Optional<Next> afterLook(Surroundings here) {
        if (steps.isDisruptedBy(here.vmClock)) {
            return Optional.of(disrupted(
                    Result.DISRUPTED,
                    "the hypervisor says that the clock was disrupted: this machine was moved, or restored from a"
                            + " snapshot",
                    here));
        }
        return steps.steppedNanos(here.witness)
                .map(nanos ->
                        disrupted(Result.STEPPED, "the wall clock was stepped by " + Duration.ofNanos(nanos), here));
    }

    /** Returns what follows when the clock was disrupted: nothing from before holds. */
    private Next disrupted(Result result, String detail, Surroundings here) {
        Steps after = steps.disrupted(here.witness, here.vmClock, here.nowNanos);
        return new PollState(published, replied, holdoverEndNanos, history.withoutEstimate(), after)
                .next(result, detail, published.withVmClock(here.vmClock), here);
    }

    /** Returns this after a look at the clocks and the VMClock that showed no disruption. */
    PollState undisrupted(Surroundings here) {
        Steps after = steps.unstepped(here.witness, here.vmClock);
        return new PollState(published, replied, holdoverEndNanos, history, after);
    }

    /** Returns what follows when an operator declares the clock disrupted. */
    Next forced(Surroundings here) {
        return next(
                Result.DISRUPTION_FORCED,
                "a disruption is forced until it is ended, which SIGUSR2 does for clockboundd",
                published,
                here);
    }

    /** Returns what follows from a fault of the program itself: no trust. */
    Next afterFault(String detail, Surroundings here) {
        return next(Result.FAILED, detail, published, here);
    }

    /** Returns what follows when the VMClock cannot be read: whether the clock was disrupted cannot be known. */
    Next afterUnreadableVmClock(String detail, Surroundings here) {
        return next(Result.UNSYNCHRONIZED, detail, published, here);
    }

    private Next next(Result result, String detail, ClockErrorBound bound, Surroundings here) {
        return next(result, detail, Optional.empty(), Optional.empty(), bound, bound.voidAfterNanos(), here);
    }

    /** Returns a poll's outcome and the state after it, with the status that follows from the result and the present status. */
    private Next next(
            Result result,
            String detail,
            Optional<ClockSnapshot> snapshot,
            Optional<BoundTerms> terms,
            ClockErrorBound bound,
            long trustEndNanos,
            Surroundings here) {
        ClockStatus status = here.isForced || steps.isAwaiting()
                ? ClockStatus.DISRUPTED
                : result.statusAfter(published.statusAt(here.nowNanos));
        if (here.isForced && !result.isDisruption()) {
            return forced(here); // whatever was found: it is not why the clock is not trusted
        }
        ClockErrorBound next = bound.withStatus(status);
        ClockErrorBound aged = next.withStatus(next.statusAt(here.nowNanos));
        return new Next(
                new PollState(aged, replied, holdoverEndNanos, history, steps),
                new PollOutcome(
                        result,
                        detail,
                        here.peer,
                        snapshot,
                        terms,
                        aged,
                        trustEndNanos,
                        here.nowNanos - here.beganNanos));
    }

    private PollState withHistory(SourceHistory other) {
        return new PollState(published, replied, holdoverEndNanos, other, steps);
    }

    private PollState withReplied(ClockErrorBound other) {
        return new PollState(published, other, holdoverEndNanos, history, steps);
    }
}
