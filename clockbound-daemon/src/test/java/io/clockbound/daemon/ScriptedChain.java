/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.chrony.testing.SourceReply;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A scripted chronyd on a UDP port, the time source that asks it and the tracker behind that, on a simulated machine. */
final class ScriptedChain implements AutoCloseable {

    static final ReferenceId SERVER = new ReferenceId(0x0A000001, true);

    /** 50 µs slow; what it measured is known to 30 µs, half of a delay of 20 µs and 20 µs of dispersion. */
    static final TrackingReply GOOD = TrackingReply.synchronizedTo(SERVER);

    /** What that says of its source. */
    static final SourceReply GOOD_SOURCE = SourceReply.followedBy(GOOD);

    static final long CORRECTION_NANOS = 50_000;
    static final long ERROR_NANOS = 30_000;

    /** How fast its estimate may run off: 9/8 × (15 + 0.05 + 0.01 ppm). */
    static final long RATE_PPB = 16_943;

    /** How wrong its estimate can be when it was measured up to a second ago. */
    static final long GOOD_ERROR_NANOS = ERROR_NANOS + RATE_PPB;

    /** Half of the way from its wall clock to its estimate, and that. */
    static final long GOOD_NANOS = CORRECTION_NANOS / 2 + GOOD_ERROR_NANOS;

    final SimulatedClock clock;
    final ScriptedChronyd chronyd;
    private final TimeSource source;
    private final ErrorBoundTracker tracker;
    private PollOutcome last;
    private double measurement = Double.NaN;
    private long measuredNanos;

    ScriptedChain() throws IOException {
        this(BoundSettings.DEFAULTS, Instant.parse("2026-11-22T20:00:00Z"));
    }

    ScriptedChain(BoundSettings settings, Instant start, ErrorBoundProvider... providers) throws IOException {
        clock = new SimulatedClock(start);
        chronyd = ScriptedChronyd.onUdp();
        chronyd.answer(aging(GOOD, List.of(GOOD_SOURCE)));
        source = Services.named(TimeSource.class, "chrony").with(Map.of("address", chronyd.address()));
        tracker = new ErrorBoundTracker(clock, source, List.of(providers), settings, poll -> last = poll);
        last = new PollOutcome(
                PollOutcome.Result.NO_ANSWER,
                "not asked yet",
                "a peer",
                Optional.empty(),
                Optional.empty(),
                tracker.current(),
                0,
                0);
    }

    /** Polls once and returns what the listener was told. */
    PollOutcome poll() {
        tracker.poll();
        return last;
    }

    /** Polls a chronyd that answers so. */
    PollOutcome poll(Answer answer) {
        chronyd.answer(answer);
        return poll();
    }

    /** Polls a chronyd in this state; it has measured anew when its reference time is another than before. */
    PollOutcome poll(TrackingReply state) {
        return poll(state, SourceReply.followedBy(state));
    }

    /**
     * Polls a chronyd in this state that has these sources, the one that it follows first. That one's measurement is made now
     * when it was another before, and grows old from then on.
     */
    PollOutcome poll(TrackingReply state, SourceReply... sources) {
        return poll(aging(state, List.of(sources)));
    }

    private Answer aging(TrackingReply state, List<SourceReply> sources) {
        SourceReply followed = sources.get(0);
        if (followed.originalOffsetSeconds() != measurement) {
            measurement = followed.originalOffsetSeconds();
            measuredNanos = clock.elapsedNanos();
        }
        long sinceNanos = measuredNanos;
        return request -> {
            long seconds = (clock.elapsedNanos() - sinceNanos) / 1_000_000_000;
            List<SourceReply> now = new ArrayList<>(sources);
            now.set(0, followed.withSince(followed.sinceSampleSeconds() + seconds));
            return Answer.tracking(state, now).to(request);
        };
    }

    /** Polls twice, a tenth of a second apart, so that the drift is known. */
    PollOutcome synchronize() {
        poll();
        clock.advance(Duration.ofMillis(100));
        PollOutcome poll = poll();
        assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        return poll;
    }

    /** Lets a second pass and polls, so often. */
    PollOutcome pollForSeconds(int seconds) {
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

    /** Reads, and checks that true time is inside. */
    void assertThatItContainsTrueTime() {
        BoundedInstant now = read();
        assertThat(now.status().isTrusted())
                .as(now.status() + ": " + last.detail())
                .isTrue();
        assertThat(clock.trueNanos()).isBetween(now.earliestNanos(), now.latestNanos());
    }

    /** Checks that a poll says, with this reason, that the source does not know the time. */
    static void assertUnsynchronized(PollOutcome poll, String detail) {
        assertThat(poll.result()).isEqualTo(Result.UNSYNCHRONIZED);
        assertThat(poll.detail()).isEqualTo(detail);
        assertThat(poll.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
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

    static TrackingReply withStratum(TrackingReply state, int stratum) {
        return new TrackingReply(
                state.reference(),
                stratum,
                state.leap(),
                state.referenceTime(),
                state.correctionSeconds(),
                state.lastOffsetSeconds(),
                state.rmsOffsetSeconds(),
                state.frequencyPpm(),
                state.residualFrequencyPpm(),
                state.skewPpm(),
                state.rootDelaySeconds(),
                state.rootDispersionSeconds(),
                state.lastUpdateIntervalSeconds());
    }

    static TrackingReply withUpdateInterval(TrackingReply state, double seconds) {
        return new TrackingReply(
                state.reference(),
                state.stratum(),
                state.leap(),
                state.referenceTime(),
                state.correctionSeconds(),
                state.lastOffsetSeconds(),
                state.rmsOffsetSeconds(),
                state.frequencyPpm(),
                state.residualFrequencyPpm(),
                state.skewPpm(),
                state.rootDelaySeconds(),
                state.rootDispersionSeconds(),
                seconds);
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
