/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.Poll;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A scripted chronyd on a UDP port, the time source that asks it and the tracker behind that, on a simulated machine. */
final class ScriptedChain implements AutoCloseable {

    static final ReferenceId SERVER = new ReferenceId(0x0A000001, true);

    /** 50 µs slow, root delay and dispersion of 20 µs each: a bound of 80 µs. */
    static final TrackingReply GOOD = TrackingReply.synchronizedTo(SERVER);

    static final long GOOD_NANOS = 80_000;

    final SimulatedClock clock;
    final ScriptedChronyd chronyd;
    private final TimeSource source;
    private final ErrorBoundTracker tracker;
    private Poll last;

    ScriptedChain() throws IOException {
        this(BoundSettings.DEFAULTS, Instant.parse("2026-11-22T20:00:00Z"));
    }

    ScriptedChain(BoundSettings settings, Instant start, ErrorBoundProvider... providers) throws IOException {
        clock = new SimulatedClock(start);
        chronyd = ScriptedChronyd.onUdp();
        chronyd.answer(Answer.tracking(GOOD));
        source = Services.named(TimeSource.class, "chrony").with(Map.of("address", chronyd.address()));
        tracker = new ErrorBoundTracker(clock, source, List.of(providers), settings, poll -> last = poll);
        last = new Poll(Poll.Result.NO_ANSWER, "not asked yet", Optional.empty(), 0, tracker.current());
    }

    /** Polls once and returns what the listener was told. */
    Poll poll() {
        tracker.poll();
        return last;
    }

    /** Polls a chronyd that answers so. */
    Poll poll(Answer answer) {
        chronyd.answer(answer);
        return poll();
    }

    Poll poll(TrackingReply state) {
        return poll(Answer.tracking(state));
    }

    /** Polls twice, a tenth of a second apart, so that the drift is known. */
    Poll synchronize() {
        poll();
        clock.advance(Duration.ofMillis(100));
        Poll poll = poll();
        assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        return poll;
    }

    /** Lets a second pass and polls, so often. */
    Poll pollForSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            poll();
        }
        return last;
    }

    ClockErrorBound current() {
        return tracker.current();
    }

    BoundedInstant read() {
        return tracker.current().read(clock);
    }

    /** Returns a failure of the source in the words of the log. */
    String failure(String reason) {
        return chronyd.address() + ": " + reason;
    }

    @Override
    public void close() throws IOException {
        source.close();
        chronyd.close();
    }

    static TrackingReply withLeap(TrackingReply state, LeapStatus leap) {
        return with(state, leap, state.lastOffsetSeconds(), state.frequencyPpm(), state.skewPpm());
    }

    static TrackingReply withLastOffset(TrackingReply state, double seconds) {
        return with(state, state.leap(), seconds, state.frequencyPpm(), state.skewPpm());
    }

    static TrackingReply withFrequency(TrackingReply state, double ppm) {
        return with(state, state.leap(), state.lastOffsetSeconds(), ppm, state.skewPpm());
    }

    static TrackingReply withSkew(TrackingReply state, double ppm) {
        return with(state, state.leap(), state.lastOffsetSeconds(), state.frequencyPpm(), ppm);
    }

    private static TrackingReply with(
            TrackingReply state, LeapStatus leap, double lastOffsetSeconds, double frequencyPpm, double skewPpm) {
        return new TrackingReply(
                state.reference(),
                state.stratum(),
                leap,
                state.referenceTime(),
                state.correctionSeconds(),
                lastOffsetSeconds,
                state.rmsOffsetSeconds(),
                frequencyPpm,
                state.residualFrequencyPpm(),
                skewPpm,
                state.rootDelaySeconds(),
                state.rootDispersionSeconds(),
                state.lastUpdateIntervalSeconds());
    }
}
