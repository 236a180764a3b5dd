/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.Poll.Result;
import io.clockbound.spi.LeapStatus;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long what was published may be believed, and how fast it grows until then. */
class ErrorBoundTrackerExpiryTest {

    private static final long SECOND = 1_000_000_000;

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource();
    private final List<Poll> polls = new ArrayList<>();
    private final ErrorBoundTracker tracker =
            new ErrorBoundTracker(clock, source, List.of(), BoundSettings.DEFAULTS, polls::add);

    @Test
    void trustLastsTheHoldoverToTheNanosecond() {
        clock.advanceNanos(123_456_789);
        tracker.poll();
        ClockErrorBound bound = tracker.current();
        assertThat(bound.voidAfterNanos() - bound.asOfNanos()).isEqualTo(1000 * SECOND);
    }

    @Test
    void silenceKeepsTheLastBoundGrowingUntilFiveSecondsAfterItsAsOf() {
        tracker.poll();
        ClockErrorBound good = tracker.current();
        clock.advance(Duration.ofSeconds(4));
        source.fail("gone");
        tracker.poll();
        ClockErrorBound silent = tracker.current();
        assertThat(silent)
                .isEqualTo(good.withStatus(ClockStatus.FREE_RUNNING)
                        .withMaxDrift(silent.maxDriftPpb())
                        .voidAfter(good.asOfNanos() + 5 * SECOND));
        assertThat(silent.statusAt(good.asOfNanos() + 5 * SECOND)).isEqualTo(ClockStatus.FREE_RUNNING);
        assertThat(silent.statusAt(good.asOfNanos() + 5 * SECOND + 1)).isEqualTo(ClockStatus.UNKNOWN);
    }

    @Test
    void unsynchronizedKeepsTheLastBoundButNotTheTrust() {
        tracker.poll();
        ClockErrorBound good = tracker.current();
        clock.advance(Duration.ofSeconds(1));
        source.leap(LeapStatus.UNSYNCHRONIZED);
        tracker.poll();
        assertThat(tracker.current()).isEqualTo(good.withStatus(ClockStatus.UNKNOWN));
    }

    @Test
    void anAnnouncedLeapSecondLimitsTheTrust() {
        SimulatedClock evening = new SimulatedClock(Instant.parse("2026-12-31T23:59:30Z"));
        ErrorBoundTracker late = new ErrorBoundTracker(evening, source, List.of(), BoundSettings.DEFAULTS, polls::add);
        source.leap(LeapStatus.INSERT_SECOND);
        late.poll();
        assertThat(late.current().voidAfterNanos() - evening.monotonicNanos()).isBetween(29 * SECOND, 30 * SECOND);
        evening.advance(Duration.ofSeconds(31));
        late.poll();
        assertLast(Result.UNSYNCHRONIZED, ClockStatus.UNKNOWN);
        source.leap(LeapStatus.NORMAL).update(Instant.parse("2027-01-01T00:00:00.5Z"));
        late.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    @Test
    void silenceLeavesRoomForASlewFromOneEndOfTheIntervalToTheOtherInEachSecond() {
        tracker.poll();
        ClockErrorBound good = tracker.current();
        source.fail("gone");
        tracker.poll();
        tracker.poll();
        assertThat(tracker.current().maxDriftPpb())
                .isEqualTo(good.maxDriftPpb() + (2 * good.boundNanos() * 11 + 9) / 10);
    }

    @Test
    void pollsFurtherApartThanASecondLeaveRoomForASlewInBetween() {
        BoundSettings seldom = new BoundSettings(1_000, Duration.ofSeconds(10), Duration.ofSeconds(1000), false);
        ErrorBoundTracker patient = new ErrorBoundTracker(clock, source, List.of(), seldom, polls::add);
        tracker.poll();
        patient.poll();
        long slewPpb = (2 * patient.current().boundNanos() * 11 + 9) / 10;
        assertThat(patient.current().maxDriftPpb() - tracker.current().maxDriftPpb())
                .isEqualTo((slewPpb * 9 + 9) / 10);
    }

    @Test
    void aStaleSourceRenewsTheBoundButNotTheHoldover() {
        tracker.poll();
        long end = tracker.current().voidAfterNanos();
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(4));
            tracker.poll();
        }
        assertThat(tracker.current().status()).isEqualTo(ClockStatus.FREE_RUNNING);
        assertThat(tracker.current().asOfNanos()).isEqualTo(clock.monotonicNanos());
        assertThat(tracker.current().voidAfterNanos()).isEqualTo(end + 16 * SECOND);
    }

    private void assertLast(Result result, ClockStatus status) {
        Poll last = polls.get(polls.size() - 1);
        assertThat(last.result()).isEqualTo(result);
        assertThat(last.bound().status()).isEqualTo(status);
    }
}
