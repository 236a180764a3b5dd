/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.Poll.Result;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns one poll of the time source after another into the current {@link ClockErrorBound}.
 *
 * <p>{@link #current}, {@link #beginDisruption} and {@link #endDisruption} may be called by any thread, the rest by one
 * thread only. The rules and the reasons for them are in {@code docs/DESIGN.md}.
 */
public final class ErrorBoundTracker {

    /** When to ask again after an update, so that two answers show soon how the correction moves. */
    private static final Duration SECOND_LOOK = Duration.ofMillis(100);

    private static final String FORCED = "a disruption is forced";

    private final LocalClock clock;
    private final TimeSource source;
    private final ReferenceError referenceError;
    private final BoundSettings settings;
    private final Consumer<Poll> listener;
    private final Disruption disruption = new Disruption();
    private final LeapSecond leapSecond = new LeapSecond();

    private volatile ClockErrorBound current = ClockErrorBound.unknown();

    private ClockErrorBound answered = current;
    private @Nullable Answer previous;
    private long updateSeenNanos;
    private long holdoverEndNanos;

    /**
     * Creates a tracker that has not polled yet.
     *
     * @param listener is told of everything that is published, on the polling thread
     */
    public ErrorBoundTracker(
            LocalClock clock,
            TimeSource source,
            List<ErrorBoundProvider> providers,
            BoundSettings settings,
            Consumer<Poll> listener) {
        this.clock = clock;
        this.source = source;
        this.referenceError = new ReferenceError(providers);
        this.settings = settings;
        this.listener = listener;
    }

    /** Returns what was published last. */
    public ClockErrorBound current() {
        return current;
    }

    /** Declares the clock disrupted from the next poll on, until {@link #endDisruption}. */
    public void beginDisruption() {
        disruption.force(true);
    }

    /** Ends what {@link #beginDisruption} began. */
    public void endDisruption() {
        disruption.force(false);
    }

    /** Asks the time source once, publishes what follows from it, and returns how long to wait before the next poll. */
    public Duration poll() {
        Witness before = Witness.take(clock);
        if (disruption.isForced() && current.status() != ClockStatus.DISRUPTED) {
            publish(disrupted(FORCED));
        }
        step(before).ifPresent(this::publish);
        if (current.statusAt(before.takenNanos()).isTrusted()) {
            publish(pending(before.takenNanos())); // the answer may come late, or never
        }
        Poll poll = ask(before);
        publish(poll);
        boolean isSoon = poll.result() == Result.DISRUPTED || updateSeenNanos == before.takenNanos();
        return isSoon && SECOND_LOOK.compareTo(settings.pollInterval()) < 0 ? SECOND_LOOK : settings.pollInterval();
    }

    /** Withdraws all trust because of a fault of the program itself. */
    void distrust(Throwable fault) {
        publish(new Poll(Result.FAILED, "fault of the program: " + fault, Optional.empty(), 0, current));
    }

    private Optional<Poll> step(Witness now) {
        return disruption.stepBefore(now).map(by -> disrupted("the wall clock was stepped by " + by));
    }

    private Poll ask(Witness before) {
        ClockSnapshot snapshot;
        try {
            snapshot = source.poll();
        } catch (IOException e) {
            String detail = String.valueOf(e.getMessage());
            return step(Witness.take(clock)).orElseGet(() -> silence(Result.NO_ANSWER, detail, Optional.empty()));
        }
        Witness after = Witness.take(clock);
        Optional<Poll> step = step(after);
        if (step.isPresent()) {
            return step.get(); // the answer may speak of the clock before the step: it is not used
        }
        Answer last = previous;
        Answer answer = new Answer(snapshot, before.takenNanos(), after.takenNanos()).following(last);
        previous = answer;
        if (last == null || !answer.isOfSameUpdateAs(last)) {
            updateSeenNanos = answer.askedNanos();
            referenceError.noteUpdate();
        }
        leapSecond.note(snapshot.leap(), before.takenNanos() + before.nanos() + answer.errorBoundNanos());
        Poll poll = assess(answer, last, before.until(after));
        disruption.noteAnswer(snapshot.referenceTime(), poll.result() == Result.SYNCHRONIZED);
        return poll;
    }

    /** Judges an answer: what it is worth, and the bound that follows. */
    private Poll assess(Answer answer, @Nullable Answer last, Witness witness) {
        ClockSnapshot snapshot = answer.snapshot();
        Optional<String> refusal = answer.refusal(settings.localReferenceAllowed());
        if (refusal.isPresent()) {
            return unsynchronized(refusal.get(), snapshot);
        }
        long referenceErrorNanos;
        try {
            referenceErrorNanos = referenceError.largestNanos(snapshot.reference());
        } catch (IOException e) {
            return silence(Result.REFERENCE_ERROR_UNKNOWN, String.valueOf(e.getMessage()), Optional.of(snapshot));
        }
        long boundNanos = answer.errorBoundNanos() + referenceErrorNanos + witness.errorNanos();
        long driftPpb = answer.maxDriftPpb(settings.maxClockErrorPpb(), last) + unseenSlewPpb(boundNanos);
        if (driftPpb >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            return unsynchronized("the clock may drift by a second per second", snapshot);
        }
        if (!leapSecond.admits(snapshot, answer.askedNanos() + witness.nanos() + boundNanos)) {
            return unsynchronized("a leap second is due or just over, and the source has not measured since", snapshot);
        }
        boolean isStale = answer.isStale(updateSeenNanos);
        if (!isStale) {
            holdoverEndNanos = answer.askedNanos() + settings.holdover().toNanos();
        }
        ClockErrorBound bound = new ClockErrorBound(
                answer.askedNanos(),
                holdoverEndNanos,
                0,
                boundNanos,
                (int) driftPpb,
                ClockStatus.SYNCHRONIZED,
                witness.nanos(),
                null);
        answered = leapSecond.limit(bound).voidAfter(bound.asOfNanos() + renewalNanos());
        Result result = isStale ? Result.FREE_RUNNING : Result.SYNCHRONIZED;
        String detail = isStale
                ? "the source has not updated its estimate for long: it has lost its reference"
                : "synchronised";
        return new Poll(result, detail, Optional.of(snapshot), referenceErrorNanos, answered);
    }

    private Poll disrupted(String detail) {
        return new Poll(Result.DISRUPTED, detail, Optional.empty(), 0, current);
    }

    private Poll unsynchronized(String detail, ClockSnapshot snapshot) {
        return new Poll(Result.UNSYNCHRONIZED, detail, Optional.of(snapshot), 0, current);
    }

    /**
     * What holds from the question on if no answer comes: the same as silence, told before it is certain.
     *
     * <p>It does not end the trust where silence would, when polls are further apart than that: a question that is
     * answered in time must interrupt nothing.
     */
    private Poll pending(long nowNanos) {
        boolean isLate = nowNanos - answered.asOfNanos() > ClockErrorBound.GRACE_NANOS;
        ClockErrorBound bound = unanswered(isLate ? renewalNanos() : ClockErrorBound.GRACE_NANOS);
        return new Poll(
                Result.PENDING, "the question is asked, the answer is not here yet", Optional.empty(), 0, bound);
    }

    /** No news: the bound of the last answer goes on growing, but not for long. */
    private Poll silence(Result result, String detail, Optional<ClockSnapshot> snapshot) {
        return new Poll(result, detail, snapshot, 0, unanswered(ClockErrorBound.GRACE_NANOS));
    }

    /** Returns the bound of the last answer, growing faster: a source that died may have begun a slew that nobody ends. */
    private ClockErrorBound unanswered(long trustNanos) {
        ClockErrorBound last = answered;
        long driftPpb = last.maxDriftPpb() - unseenSlewPpb(last.boundNanos()) + Answer.slewAcrossPpb(last.boundNanos());
        if (driftPpb >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            return last.voidAfter(last.asOfNanos());
        }
        return leapSecond.limit(last.withMaxDrift((int) driftPpb)).voidAfter(last.asOfNanos() + trustNanos);
    }

    /** Returns for how long a bound is trusted that no poll renews: nobody knows what the source does meanwhile. */
    private long renewalNanos() {
        return settings.pollInterval().toNanos() + ClockErrorBound.GRACE_NANOS;
    }

    /** Returns the drift that makes up, until the next poll, for a slew that begins after this one and that nobody ends. */
    private long unseenSlewPpb(long boundNanos) {
        long pollMillis = settings.pollInterval().toMillis();
        // in its first second, the shortest it takes, a slew does not get out of the interval
        long exposedMillis = Math.max(0, pollMillis - 1000);
        return (Answer.slewAcrossPpb(boundNanos) * exposedMillis + pollMillis - 1) / pollMillis;
    }

    /** Publishes an outcome with the status that follows from it and from the present one. */
    private void publish(Poll poll) {
        long nowNanos = clock.monotonicNanos();
        ClockStatus status = next(current.statusAt(nowNanos), poll.result());
        if (status == ClockStatus.DISRUPTED && current.status() != status && poll.result() != Result.DISRUPTED) {
            publish(disrupted(FORCED)); // since the poll began, for a step is an outcome of its own
            return;
        }
        ClockErrorBound next = poll.bound().withStatus(status);
        current = next.withStatus(next.statusAt(nowNanos));
        listener.accept(new Poll(poll.result(), poll.detail(), poll.snapshot(), poll.referenceErrorNanos(), current));
    }

    private ClockStatus next(ClockStatus now, Result result) {
        if (disruption.isPresent()) {
            return ClockStatus.DISRUPTED;
        }
        return switch (result) {
            case SYNCHRONIZED -> now == ClockStatus.DISRUPTED ? ClockStatus.UNKNOWN : ClockStatus.SYNCHRONIZED;
            case FREE_RUNNING, NO_ANSWER, REFERENCE_ERROR_UNKNOWN ->
                now.isTrusted() ? ClockStatus.FREE_RUNNING : ClockStatus.UNKNOWN;
            case PENDING -> now;
            case UNSYNCHRONIZED, FAILED -> ClockStatus.UNKNOWN;
            case DISRUPTED -> ClockStatus.DISRUPTED;
        };
    }
}
