/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.SimulatedClock;
import io.clockbound.testing.SimulatedReference;
import io.clockbound.testing.SimulatedSource;
import io.clockbound.testing.SimulatedSource.Setup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The one exposure that is left: what a daemon begins between two polls, the record in force does not know. Nothing is left
 * where the operator says how fast it slews.
 *
 * <p>Each case begins right after a poll, the worst moment, and slews as fast as chronyd can: a second at least, and 83 333
 * ppm at most.
 */
class SourceSwitchExposureTest {

    private static final SimulatedReference GOOD = new SimulatedReference(ReferenceId.ofClock("PHC0"), 1_000, 1_000, 0);
    private static final Duration STEP = Duration.ofNanos(500_000);

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private long fastestSlewPpb;
    private long worstNanos;
    private Duration missing = Duration.ZERO;

    static Stream<Arguments> cases() {
        return Stream.of(10_000L, 1_000_000L, 50_000_000L)
                .flatMap(errorNanos -> Stream.of(1000, 100)
                        .map(pollMillis -> Arguments.of(errorNanos, Duration.ofMillis(pollMillis))));
    }

    @ParameterizedTest(name = "to one that is wrong by {0} ns, polled every {1}")
    @MethodSource("cases")
    void aSwitchToAWorseSourceExposesWhatCanBeSlewedInOnePoll(long errorNanos, Duration pollInterval) {
        SimulatedSource source = source(GOOD);
        ErrorBoundTracker tracker = synchronize(source, pollInterval);
        source.follow(server(errorNanos));
        source.updateNow();
        observe(source, tracker, pollInterval);
        print("good to bad", errorNanos, pollInterval);
        assertThat(worstNanos).isLessThanOrEqualTo(Math.round(0.083_333 * pollInterval.toNanos()));
        assertThat(worstNanos).isLessThanOrEqualTo(errorNanos);
        assertNoMissFromTheNextPollOn(source, tracker);
    }

    @ParameterizedTest(name = "from one that is wrong by {0} ns, polled every {1}")
    @MethodSource("cases")
    void aSwitchToABetterSourceExposesNothing(long errorNanos, Duration pollInterval) {
        SimulatedSource source = source(server(errorNanos));
        ErrorBoundTracker tracker = synchronize(source, pollInterval);
        source.follow(GOOD);
        source.updateNow();
        observe(source, tracker, pollInterval);
        print("bad to good", errorNanos, pollInterval);
        assertThat(worstNanos).isZero();
        assertNoMissFromTheNextPollOn(source, tracker);
    }

    /** The update goes from one end of an unchanged root distance to the other; nothing but the kill is unusual. */
    @ParameterizedTest(name = "wrong by {0} ns, polled every {1}")
    @MethodSource("cases")
    void aDaemonKilledInASlewThatNoPollHasSeenExposesNothing(long errorNanos, Duration pollInterval) {
        SimulatedSource source = source(server(errorNanos));
        ErrorBoundTracker tracker = synchronize(source, pollInterval);
        source.follow(server(-errorNanos));
        source.updateNow();
        source.advanceNanos(1_000);
        source.kill();
        for (Duration age = Duration.ZERO; age.toSeconds() < 6; age = age.plus(pollInterval)) {
            observe(source, tracker, pollInterval);
            tracker.poll();
        }
        print("killed unseen", errorNanos, pollInterval);
        assertThat(worstNanos).isZero();
        assertThat(tracker.current().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    /** As above, but the tracker asks a daemon that never answers. */
    @ParameterizedTest(name = "wrong by {0} ns, polled every {1}")
    @MethodSource("cases")
    void aDaemonKilledInASlewWhileItIsAskedExposesNothing(long errorNanos, Duration pollInterval) {
        SimulatedSource source = source(server(errorNanos));
        ErrorBoundTracker tracker = synchronize(source, pollInterval);
        source.follow(server(-errorNanos));
        source.updateNow();
        source.advanceNanos(1_000);
        source.kill();
        observe(source, tracker, pollInterval);
        source.duringPoll(() -> observe(source, tracker, Duration.ofSeconds(6)), () -> {});
        tracker.poll();
        print("killed asked", errorNanos, pollInterval);
        assertThat(worstNanos).isZero();
        assertThat(tracker.current().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    /** The poll thread hangs, or the program that writes a shared segment is stopped; the daemon goes on. */
    @ParameterizedTest(name = "to one that is wrong by {0} ns, polled every {1}")
    @MethodSource("cases")
    void aTrackerThatNoLongerPollsExposesForFiveSecondsMore(long errorNanos, Duration pollInterval) {
        SimulatedSource source = source(GOOD);
        ErrorBoundTracker tracker = synchronize(source, pollInterval);
        source.follow(server(errorNanos));
        source.updateNow();
        observe(source, tracker, Duration.ofSeconds(20));
        print("no more polls", errorNanos, pollInterval);
        assertThat(missing).isLessThanOrEqualTo(pollInterval.plusSeconds(5));
        assertThat(tracker.current().read(clock).status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    /** As the first case and the last, with chrony's own limit said to the tracker. */
    @ParameterizedTest(name = "to one that is wrong by {0} ns, polled every {1}")
    @MethodSource("cases")
    void whereTheFastestSlewIsKnownNothingIsExposedWhetherItIsPolledOrNot(long errorNanos, Duration pollInterval) {
        fastestSlewPpb = SimulatedSource.MAX_SLEW_PPB;
        SimulatedSource source = source(GOOD);
        ErrorBoundTracker tracker = synchronize(source, pollInterval);
        source.follow(server(errorNanos));
        source.updateNow();
        observe(source, tracker, Duration.ofSeconds(20));
        print("slew known", errorNanos, pollInterval);
        assertThat(worstNanos).isZero();
        assertNoMissFromTheNextPollOn(source, tracker);
    }

    private SimulatedSource source(SimulatedReference reference) {
        Setup setup = new Setup(true, 0, 10, 1_000, Long.MAX_VALUE, Duration.ofSeconds(64));
        return new SimulatedSource(clock, setup, reference);
    }

    private ErrorBoundTracker synchronize(SimulatedSource source, Duration pollInterval) {
        BoundSettings settings = BoundSettings.DEFAULTS
                .withMaxClockErrorPpb(1_000)
                .withPollInterval(pollInterval)
                .withReferenceError(GOOD.id(), Duration.ZERO);
        if (fastestSlewPpb > 0) {
            settings = settings.withMaxSlewRatePpb(fastestSlewPpb);
        }
        ErrorBoundTracker tracker = new ErrorBoundTracker(clock, source, List.of(), settings, poll -> {});
        source.advance(Duration.ofSeconds(200));
        for (int i = 0; i < 3; i++) {
            tracker.poll();
            source.advance(Duration.ofMillis(100));
        }
        tracker.poll();
        assertThat(tracker.current().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        return tracker;
    }

    private void observe(SimulatedSource source, ErrorBoundTracker tracker, Duration time) {
        for (Duration past = STEP; past.compareTo(time) < 0; past = past.plus(STEP)) {
            source.advance(STEP);
            BoundedInstant now = tracker.current().read(clock);
            long missNanos = Math.max(now.earliestNanos() - clock.trueNanos(), clock.trueNanos() - now.latestNanos());
            if (now.status().isTrusted() && missNanos > 0) {
                worstNanos = Math.max(worstNanos, missNanos);
                missing = missing.plus(STEP);
            }
        }
        source.advance(STEP);
    }

    private void assertNoMissFromTheNextPollOn(SimulatedSource source, ErrorBoundTracker tracker) {
        worstNanos = 0;
        for (int i = 0; i < 20; i++) {
            observe(source, tracker, tracker.poll());
        }
        assertThat(worstNanos).isZero();
    }

    private void print(String what, long errorNanos, Duration pollInterval) {
        System.out.printf(
                "%-14s error %,11d ns, poll %4d ms: misses by %,11d ns at most, for %,5d ms%n",
                what, errorNanos, pollInterval.toMillis(), worstNanos, missing.toMillis());
    }

    private static SimulatedReference server(long errorNanos) {
        return new SimulatedReference(new ReferenceId(0xC0000201, true), errorNanos, Math.abs(errorNanos), 0);
    }
}
