/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.LeapStatus;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long what was published may be believed, and how fast it grows until then. */
class ErrorBoundTrackerExpiryTest {

    private static final BoundSettings SETTINGS =
            BoundSettings.DEFAULTS.withMaxClockErrorPpb(1_000).withPollInterval(Duration.ofSeconds(1));

    private static final long SECOND = 1_000_000_000;

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource().agingBy(clock);
    private final List<PollOutcome> polls = new ArrayList<>();
    private final ErrorBoundTracker tracker = new ErrorBoundTracker(clock, source, List.of(), SETTINGS, polls::add);

    @Test
    void trustLastsUntilFiveSecondsAfterTheNextPollToTheNanosecond() {
        clock.advanceNanos(123_456_789);
        tracker.poll();
        ClockErrorBound bound = tracker.current();
        assertThat(bound.voidAfterNanos() - bound.asOfNanos()).isEqualTo(6 * SECOND);
        ErrorBoundTracker patient = polling(Duration.ofSeconds(10));
        patient.poll();
        assertThat(patient.current().voidAfterNanos() - clock.monotonicNanos()).isEqualTo(15 * SECOND);
    }

    @Test
    void theHoldoverIsForASourceThatRepliesWithoutReference() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(16));
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
        for (int i = 0; i < 1000; i++) {
            clock.advance(Duration.ofSeconds(1));
            tracker.poll();
            assertLast(Result.FREE_RUNNING, ClockStatus.FREE_RUNNING);
        }
        assertThat(tracker.current().voidAfterNanos()).isEqualTo(clock.monotonicNanos());
        clock.advanceNanos(1);
        tracker.poll();
        assertLast(Result.FREE_RUNNING, ClockStatus.UNKNOWN);
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
        assertThat(tracker.current().status()).isEqualTo(ClockStatus.UNKNOWN);
        assertThat(tracker.current().asOfNanos()).isEqualTo(good.asOfNanos());
        assertThat(tracker.current().boundNanos()).isEqualTo(good.boundNanos());
    }

    @Test
    void anAnnouncedLeapSecondLimitsTheTrust() {
        SimulatedClock evening = new SimulatedClock(Instant.parse("2026-12-31T23:59:57Z"));
        ErrorBoundTracker late = new ErrorBoundTracker(evening, source, List.of(), SETTINGS, polls::add);
        source.leap(LeapStatus.INSERT_SECOND);
        late.poll();
        assertThat(late.current().voidAfterNanos() - evening.monotonicNanos()).isBetween(2 * SECOND, 3 * SECOND);
        evening.advance(Duration.ofSeconds(5));
        late.poll();
        assertLast(Result.UNSYNCHRONIZED, ClockStatus.UNKNOWN);
        source.leap(LeapStatus.NORMAL).update(Instant.parse("2027-01-01T00:00:01.5Z"));
        late.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    /** The second one's leap second is 30 s away. */
    @ParameterizedTest
    @CsvSource({"2026-12-31T22:00:00Z, 1000", "2026-12-31T23:59:30Z, 30"})
    void theEndOfTrustThatIsToldOfASourceThatRunsFreeIsNeverTooLate(String began, long lastSeconds) {
        SimulatedClock evening = new SimulatedClock(Instant.parse(began));
        FakeTimeSource told = new FakeTimeSource().leap(LeapStatus.INSERT_SECOND);
        ErrorBoundTracker late = new ErrorBoundTracker(evening, told, List.of(), SETTINGS, polls::add);
        late.poll();
        long lastNanos = evening.monotonicNanos() + lastSeconds * SECOND;
        told.unheard("no source answers any more");
        evening.advance(Duration.ofMillis(100));
        late.poll();
        assertLast(Result.FREE_RUNNING, ClockStatus.FREE_RUNNING);
        long endNanos = polls.get(polls.size() - 1).trustEndNanos();
        assertThat(endNanos).isBetween(lastNanos - SECOND, lastNanos);
        while (endNanos - evening.monotonicNanos() > SECOND) {
            evening.advance(Duration.ofMillis(500));
            late.poll();
        }
        assertThat(late.current().statusAt(endNanos).isTrusted()).isTrue();
        assertThat(late.current().statusAt(lastNanos + 1).isTrusted()).isFalse();
    }

    /** By its own clock the source announces it in the last second of the day before. */
    @Test
    void anAnnouncedLeapSecondIsThatOfTheDayThatItCanBeAtTheLatest() {
        source.leap(LeapStatus.INSERT_SECOND).correction(600_000_000).rootDispersion(500_000_000);
        pollAt("2026-12-30T23:59:59Z");
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    @Test
    void anAnnouncedLeapSecondIsDueWhenTheCorrectedClockMayShowIt() {
        source.leap(LeapStatus.INSERT_SECOND).correction(900_000_000).rootDispersion(200_000_000);
        pollAt("2026-12-31T23:59:59Z");
        assertLast(Result.UNSYNCHRONIZED, ClockStatus.UNKNOWN);
        source.correction(700_000_000);
        pollAt("2026-12-31T23:59:59Z");
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    /** The wall clock was wrong then by what was measured and by what is yet to be corrected. */
    @Test
    void aMeasurementCountsAsThatOfTheClockAfterALeapSecondOnlyIfItWasMadeThenHoweverWrongTheClockWas() {
        FakeTimeSource told = new FakeTimeSource().leap(LeapStatus.INSERT_SECOND);
        SimulatedClock evening = new SimulatedClock(Instant.parse("2026-12-31T23:59:57Z"));
        ErrorBoundTracker late = new ErrorBoundTracker(evening, told, List.of(), SETTINGS, polls::add);
        late.poll();
        evening.advance(Duration.ofSeconds(8));
        told.leap(LeapStatus.NORMAL).update().correction(600_000_000).measuredOffset(-500_000_000);
        told.age(2_700_000_000L); // with an eighth more, begun at 00:00:01.96
        late.poll();
        assertLast(Result.UNSYNCHRONIZED, ClockStatus.UNKNOWN);
        told.age(2_500_000_000L);
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
        assertThat(tracker.current().maxDriftPpb()).isEqualTo(good.maxDriftPpb() + (2 * good.boundNanos() * 9 + 7) / 8);
    }

    @Test
    void silenceEndsTheTrustWhenTheClockMayThenDriftByASecondPerSecond() {
        source.skew(880_000_000).rootDispersion(10_000_000);
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
        clock.advanceNanos(1);
        source.fail("gone");
        tracker.poll();
        assertLast(Result.NO_ANSWER, ClockStatus.UNKNOWN);
    }

    @Test
    void silenceEndsTheTrustWhenTheClockMayThenDriftByExactlyASecondPerSecond() {
        source.skew(888_847_886); // with its eighth more, and that of a slew from one end of 20 001 ns to the other
        tracker.poll();
        assertThat(tracker.current().maxDriftPpb()).isEqualTo(SECOND - 45_003);
        clock.advanceNanos(1);
        source.fail("gone");
        tracker.poll();
        assertLast(Result.NO_ANSWER, ClockStatus.UNKNOWN);
    }

    @Test
    void pollsFurtherApartThanASecondLeaveRoomForASlewInBetween() {
        ErrorBoundTracker patient = polling(Duration.ofSeconds(10));
        tracker.poll();
        patient.poll();
        ClockErrorBound good = patient.current();
        long slewPpb = (2 * good.boundNanos() * 9 + 7) / 8;
        long ownPpb = tracker.current().maxDriftPpb();
        assertThat(good.maxDriftPpb() - ownPpb).isEqualTo((slewPpb * 9 + 9) / 10);
        source.fail("gone");
        patient.poll();
        assertThat(patient.current().maxDriftPpb()).isEqualTo(ownPpb + slewPpb);
    }

    @Test
    void theFastestSlewThatTheOperatorStatesIsInEveryBound() {
        BoundSettings stated = SETTINGS.withMaxSlewRatePpb(500_000);
        ErrorBoundTracker closed = new ErrorBoundTracker(clock, source, List.of(), stated, polls::add);
        tracker.poll();
        closed.poll();
        long drift = tracker.current().maxDriftPpb() + 562_500L;
        assertThat(closed.current().maxDriftPpb()).isEqualTo(drift);
        source.fail("gone");
        closed.poll();
        assertThat(closed.current().maxDriftPpb()).isEqualTo(drift);
    }

    @Test
    void aStaleSourceRenewsTheBoundButNotTheHoldover() {
        BoundSettings brief = SETTINGS.withHoldover(Duration.ofSeconds(18));
        ErrorBoundTracker hasty = new ErrorBoundTracker(clock, source, List.of(), brief, polls::add);
        hasty.poll();
        long end = hasty.current().asOfNanos() + 34 * SECOND; // it is stale after 16 s
        for (int i = 0; i < 8; i++) {
            clock.advance(Duration.ofSeconds(4));
            hasty.poll();
        }
        assertThat(hasty.current().status()).isEqualTo(ClockStatus.FREE_RUNNING);
        assertThat(hasty.current().asOfNanos()).isEqualTo(clock.monotonicNanos());
        assertThat(hasty.current().voidAfterNanos()).isEqualTo(end);
    }

    @Test
    void theBoundWithoutAReplyIsPublishedBeforeTheSourceIsAsked() {
        tracker.poll();
        ClockErrorBound good = tracker.current();
        clock.advance(Duration.ofSeconds(1));
        source.duringPoll(() -> {
            assertLast(Result.PENDING, ClockStatus.SYNCHRONIZED);
            assertThat(tracker.current())
                    .isEqualTo(good.withMaxDrift(good.maxDriftPpb() + (2 * (int) good.boundNanos() * 9 + 7) / 8)
                            .voidAfter(good.asOfNanos() + 5 * SECOND));
        });
        tracker.poll();
        assertThat(polls)
                .extracting(PollOutcome::result)
                .containsExactly(Result.SYNCHRONIZED, Result.PENDING, Result.SYNCHRONIZED);
        assertThat(tracker.current().maxDriftPpb()).isEqualTo(1_127); // as before the question
        assertThat(tracker.current().voidAfterNanos()).isEqualTo(clock.monotonicNanos() + 6 * SECOND);
    }

    @Test
    void aQuestionFiveSecondsAfterTheLastReplyDoesNotProlongTheTrust() {
        tracker.poll();
        long endNanos = clock.monotonicNanos() + 5 * SECOND;
        clock.advance(Duration.ofSeconds(5));
        source.duringPoll(() -> {
            assertLast(Result.PENDING, ClockStatus.SYNCHRONIZED);
            assertThat(tracker.current().voidAfterNanos()).isEqualTo(endNanos);
        });
        tracker.poll();
        assertThat(polls).hasSize(3);
    }

    @Test
    void aSourceThatHangsIsTrustedForFiveSecondsOnly() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.duringPoll(() -> {
            clock.advance(Duration.ofSeconds(4));
            assertThat(tracker.current().read(clock).status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            clock.advanceNanos(1);
            assertThat(tracker.current().read(clock).status()).isEqualTo(ClockStatus.UNKNOWN);
        });
        tracker.poll();
        assertThat(polls).hasSize(3);
    }

    @Test
    void nothingIsPublishedBeforeAPollWithoutTrustToProtect() {
        source.leap(LeapStatus.UNSYNCHRONIZED);
        tracker.poll();
        source.leap(LeapStatus.NORMAL);
        tracker.poll();
        assertThat(polls).extracting(PollOutcome::result).containsExactly(Result.UNSYNCHRONIZED, Result.SYNCHRONIZED);
    }

    @Test
    void theBoundPublishedBeforeAPollDoesNotEndTheTrustWhenPollsAreFarApart() {
        ErrorBoundTracker patient = polling(Duration.ofSeconds(10));
        patient.poll();
        source.duringPoll(
                () -> assertThat(patient.current().read(clock).status()).isEqualTo(ClockStatus.FREE_RUNNING));
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(10));
            patient.poll();
        }
        assertLast(Result.FREE_RUNNING, ClockStatus.FREE_RUNNING);
        source.duringPoll(() -> {
            clock.advanceNanos(5 * SECOND + 1);
            assertThat(patient.current().read(clock).status()).isEqualTo(ClockStatus.UNKNOWN);
        });
        clock.advance(Duration.ofSeconds(10));
        patient.poll();
    }

    @Test
    void silenceDoesNotGrowIntoAnAnnouncedLeapSecond() {
        Instant midnight = Instant.parse("2027-01-01T00:00:00Z");
        SimulatedClock evening = new SimulatedClock(midnight.minusSeconds(3));
        ErrorBoundTracker late = new ErrorBoundTracker(evening, source, List.of(), SETTINGS, polls::add);
        source.leap(LeapStatus.INSERT_SECOND).rootDelay(20_000_000);
        late.poll();
        source.fail("gone");
        late.poll();
        ClockErrorBound silent = late.current();
        long end = silent.voidAfterNanos();
        assertThat(end + silent.witnessNanos() + silent.boundNanosAt(end))
                .isBetween(BoundedInstant.epochNanos(midnight) - SECOND, BoundedInstant.epochNanos(midnight) - 1);
    }

    /** Makes the first poll of a tracker whose clock shows that time. */
    private void pollAt(String time) {
        SimulatedClock other = new SimulatedClock(Instant.parse(time));
        new ErrorBoundTracker(other, source, List.of(), SETTINGS, polls::add).poll();
    }

    private ErrorBoundTracker polling(Duration interval) {
        BoundSettings settings = SETTINGS.withPollInterval(interval);
        return new ErrorBoundTracker(clock, source, List.of(), settings, polls::add);
    }

    private void assertLast(Result result, ClockStatus status) {
        PollOutcome last = polls.get(polls.size() - 1);
        assertThat(last.result()).isEqualTo(result);
        assertThat(last.bound().status()).isEqualTo(status);
    }
}
