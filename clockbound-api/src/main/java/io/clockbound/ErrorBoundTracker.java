/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.PollOutcome.Result;
import io.clockbound.PollState.Next;
import io.clockbound.PollState.Surroundings;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Polls the time source and publishes the state that {@link PollState} derives from each poll.
 *
 * <p>{@link #current}, {@link #last}, {@link #beginDisruption} and {@link #endDisruption} may be called by any thread, the rest
 * by one thread only.
 */
public final class ErrorBoundTracker {

    /** How soon to ask again after an update or a disruption: two replies show how fast the correction moves. */
    private static final Duration SECOND_LOOK = BoundSettings.SHORTEST_POLL_INTERVAL;

    private final LocalClock clock;
    private final TimeSource source;
    private final List<ErrorBoundProvider> providers;
    private final BoundSettings settings;
    private final Consumer<PollOutcome> listener;
    private final @Nullable VmClock vmClock;

    private long beganNanos;
    private volatile boolean isForced;
    private volatile PollState state = PollState.INITIAL;
    private volatile PollOutcome last; // apart from the state: a report reads both one after the other in any case

    /**
     * Creates a tracker that has not polled yet, on a machine without a VMClock.
     *
     * @param listener receives every outcome, on the polling thread
     */
    public ErrorBoundTracker(
            LocalClock clock,
            TimeSource source,
            List<ErrorBoundProvider> providers,
            BoundSettings settings,
            Consumer<PollOutcome> listener) {
        this(clock, source, providers, settings, listener, null);
    }

    /**
     * Creates a tracker that has not polled yet.
     *
     * @param listener receives every outcome, on the polling thread
     * @param vmClock is read at every poll; null when none is watched
     */
    public ErrorBoundTracker(
            LocalClock clock,
            TimeSource source,
            List<ErrorBoundProvider> providers,
            BoundSettings settings,
            Consumer<PollOutcome> listener,
            @Nullable VmClock vmClock) {
        this.clock = clock;
        this.source = source;
        this.providers = List.copyOf(providers);
        this.settings = settings;
        this.listener = listener;
        this.vmClock = vmClock;
        this.last = new PollOutcome(
                Result.PENDING,
                "the time source has not been asked yet",
                source.peer(),
                Optional.empty(),
                Optional.empty(),
                state.published(),
                state.published().voidAfterNanos(),
                0);
    }

    /** Returns what was published last. */
    public ClockErrorBound current() {
        return state.published();
    }

    /** Returns the outcome of the last poll that has ended. */
    PollOutcome last() {
        return last;
    }

    /** Declares the clock disrupted from the next poll on, until {@link #endDisruption}. */
    public void beginDisruption() {
        isForced = true;
    }

    /** Ends what {@link #beginDisruption} began. */
    public void endDisruption() {
        isForced = false;
    }

    /** Asks the time source once, publishes what follows from it, and returns how long to wait before the next poll. */
    public Duration poll() {
        beganNanos = clock.monotonicNanos();
        try {
            return poll(vmClock == null ? null : vmClock.read());
        } catch (IOException e) {
            // the source is not asked: nobody can tell whether the clock was disrupted
            publish(state.afterUnreadableVmClock(
                    String.valueOf(e.getMessage()), surroundings(Witness.take(clock), null, last.peer())));
            return settings.pollInterval();
        }
    }

    private Duration poll(@Nullable VmClockCounters counters) {
        Witness before = Witness.take(clock);
        Surroundings here = surroundings(before, counters, last.peer());
        boolean isDisrupted = look(here).isPresent();
        if (isForced && current().status() != ClockStatus.DISRUPTED) {
            publish(state.forced(here));
        }
        if (current().statusAt(before.takenNanos()).isTrusted()) {
            publish(state.asked(here, settings)); // the reply may come late, or never
        }
        Result result = ask(before, counters);
        boolean isMoved = result.isDisruption() && result != Result.DISRUPTION_FORCED;
        boolean isSoon = isDisrupted || isMoved || state.history().updateSeenNanos() == before.takenNanos();
        return isSoon ? SECOND_LOOK : settings.pollInterval();
    }

    /** Withdraws all trust because of a fault of the program itself. */
    void distrust(Throwable fault) {
        publish(state.afterFault(
                "fault of the program: " + fault, surroundings(Witness.take(clock), null, last.peer())));
    }

    private Result ask(Witness before, @Nullable VmClockCounters counters) {
        ClockSnapshot snapshot;
        try {
            snapshot = source.poll();
        } catch (IOException e) {
            Surroundings after = surroundings(Witness.take(clock), counters, source.peer());
            return look(after)
                    .orElseGet(() -> publish(state.afterSilence(String.valueOf(e.getMessage()), after, settings)));
        }
        Witness after = Witness.take(clock);
        String peer = source.peer();
        Optional<Result> disruption = look(surroundings(after, counters, peer));
        if (disruption.isPresent()) {
            return disruption.get(); // the reply may be about the clock before the step
        }
        SourceReply reply = new SourceReply(snapshot, before.takenNanos(), after.takenNanos());
        ReferenceError error = referenceError(snapshot.reference());
        return publish(state.afterReply(reply, error, surroundings(before.until(after), counters, peer), settings));
    }

    /** Publishes a disruption that has come to light; without one, what was seen is what the next look compares with. */
    private Optional<Result> look(Surroundings here) {
        Optional<Next> disruption = state.afterLook(here);
        if (disruption.isEmpty()) {
            state = state.undisrupted(here);
        }
        return disruption.map(this::publish);
    }

    private ReferenceError referenceError(ReferenceId reference) {
        @Nullable Duration configured = settings.referenceErrors().get(reference);
        long configuredNanos = configured == null ? 0 : configured.toNanos();
        OptionalLong told;
        try {
            told = toldNanos(reference);
        } catch (IOException e) {
            return new ReferenceError.Failed(String.valueOf(e.getMessage()));
        }
        if (told.isPresent()) {
            return new ReferenceError.Told(Math.addExact(told.getAsLong(), configuredNanos));
        }
        if (configured != null) {
            return new ReferenceError.Configured(configuredNanos);
        }
        return reference.isReferenceClock() ? new ReferenceError.Unknown() : new ReferenceError.None();
    }

    private OptionalLong toldNanos(ReferenceId reference) throws IOException {
        OptionalLong sumNanos = OptionalLong.empty();
        for (ErrorBoundProvider provider : providers) {
            OptionalLong errorNanos = provider.errorNanos(reference);
            if (errorNanos.isEmpty()) {
                continue;
            }
            if (errorNanos.getAsLong() < 0) {
                throw new IOException("the error of " + reference + " cannot be " + errorNanos.getAsLong()
                        + " ns, as the provider '" + provider.name() + "' says");
            }
            sumNanos = OptionalLong.of(Math.addExact(sumNanos.orElse(0), errorNanos.getAsLong()));
        }
        return sumNanos;
    }

    private Surroundings surroundings(Witness witness, @Nullable VmClockCounters counters, String peer) {
        return new Surroundings(witness, counters, clock.monotonicNanos(), beganNanos, isForced, peer);
    }

    private Result publish(Next next) {
        PollOutcome outcome = next.outcome();
        ClockStatus was = current().status();
        state = next.state();
        if (outcome.result() != Result.PENDING) {
            last = outcome;
        }
        FlightEvents.note(was, outcome);
        listener.accept(outcome);
        return outcome.result();
    }
}
