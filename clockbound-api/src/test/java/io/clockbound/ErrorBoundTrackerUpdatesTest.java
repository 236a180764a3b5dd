/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.Poll.Result;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeErrorBoundProvider;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from when the source last measured, and from the error of the reference that it measured. */
class ErrorBoundTrackerUpdatesTest {

    private static final long SECOND = 1_000_000_000;
    private static final ReferenceId PHC = ReferenceId.ofClock("PHC0");
    private static final long OWN = 20_001; // of the source and of the comparison of the clocks

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource().reference(PHC);
    private final FakeErrorBoundProvider provider = new FakeErrorBoundProvider(PHC, 5_000);
    private final List<Poll> polls = new ArrayList<>();
    private final ErrorBoundTracker tracker = trackerWith(provider);

    private ErrorBoundTracker trackerWith(ErrorBoundProvider... providers) {
        return new ErrorBoundTracker(clock, source, List.of(providers), BoundSettings.DEFAULTS, polls::add);
    }

    @Test
    void asksAgainSoonAfterEveryUpdate() {
        assertThat(tracker.poll()).isEqualTo(Duration.ofMillis(100));
        clock.advance(Duration.ofMillis(100));
        assertThat(tracker.poll()).isEqualTo(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        source.update();
        assertThat(tracker.poll()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void anUnansweredPollIsRepeatedAtTheUsualInterval() {
        tracker.poll();
        source.fail("gone");
        clock.advance(Duration.ofMillis(100));
        assertThat(tracker.poll()).isEqualTo(Duration.ofSeconds(1));
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
        ErrorBoundTracker patient = new ErrorBoundTracker(clock, source, List.of(provider), seldom, polls::add);
        tracker.poll();
        patient.poll();
        long slewPpb = (2 * patient.current().boundNanos() * 11 + 9) / 10;
        assertThat(patient.current().maxDriftPpb() - tracker.current().maxDriftPpb())
                .isEqualTo((slewPpb * 9 + 9) / 10);
    }

    @Test
    void aSourceIsStaleAfterSixteenSecondsWithoutUpdate() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(16));
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.SYNCHRONIZED);
        clock.advanceNanos(1);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.FREE_RUNNING);
    }

    @Test
    void aSourceThatUpdatesSeldomIsStaleAfterEightOfItsIntervals() {
        source.lastUpdateInterval(64 * SECOND);
        tracker.poll();
        clock.advance(Duration.ofSeconds(512));
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.SYNCHRONIZED);
        clock.advanceNanos(1);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.FREE_RUNNING);
    }

    @Test
    void theAgeOfTheSourceIsMeasuredWithoutTheWallClock() {
        source.update(Instant.parse("2099-01-01T00:00:00Z"));
        tracker.poll();
        clock.advance(Duration.ofSeconds(17));
        source.update(Instant.parse("1999-01-01T00:00:00Z"));
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.SYNCHRONIZED);
    }

    @Test
    void aLostAnswerIsNoUpdate() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(15));
        source.fail("lost");
        tracker.poll();
        source.recover();
        clock.advance(Duration.ofSeconds(2));
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.FREE_RUNNING);
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

    @Test
    void twoAnswersOfAnUpdateTellWhetherTheFrequencyIsApplied() {
        source.frequency(20_000);
        tracker.poll();
        assertThat(tracker.current().maxDriftPpb()).isEqualTo(23_100); // 1.1 × (1 ppm + 20 ppm)
        clock.advance(Duration.ofMillis(100));
        tracker.poll();
        assertThat(tracker.current().maxDriftPpb()).isEqualTo(1_102);
    }

    @Test
    void theErrorOfTheReferenceItselfIsAdded() {
        tracker.poll();
        assertThat(tracker.current().boundNanos()).isEqualTo(OWN + 5_000);
        assertThat(last().referenceErrorNanos()).isEqualTo(5_000);
    }

    @Test
    void providersAddUpAndThoseOfOtherReferencesDoNot() {
        FakeErrorBoundProvider other = new FakeErrorBoundProvider(ReferenceId.ofClock("GPS"), 700);
        ErrorBoundTracker sum = trackerWith(provider, other, new FakeErrorBoundProvider(PHC, 30));
        sum.poll();
        assertThat(sum.current().boundNanos()).isEqualTo(OWN + 5_030);
    }

    @Test
    void aProviderThatFailsLetsTheLastBoundGrow() {
        tracker.poll();
        ClockErrorBound good = tracker.current();
        clock.advance(Duration.ofSeconds(1));
        provider.fail("device blocked");
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
        assertThat(last().detail()).isEqualTo("device blocked");
        assertThat(tracker.current().status()).isEqualTo(ClockStatus.FREE_RUNNING);
        assertThat(tracker.current().asOfNanos()).isEqualTo(good.asOfNanos());
        assertThat(tracker.current().boundNanos()).isEqualTo(good.boundNanos());
        provider.tell(5_000);
        tracker.poll();
        assertThat(tracker.current().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aProviderThatNeverWorkedLeavesTheStatusUnknown() {
        provider.fail("no such device");
        tracker.poll();
        assertThat(tracker.current().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    @Test
    void aNegativeErrorIsNoError() {
        provider.tell(-1);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
        assertThat(last().detail()).isEqualTo("the error of PHC0 cannot be -1 ns, as the provider 'fake' says");
    }

    @Test
    void theErrorThatTheSourceMeasuredWithCountsUntilItMeasuresAgain() {
        provider.tell(100_000);
        tracker.poll();
        provider.tell(10);
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofSeconds(1));
            tracker.poll();
            assertThat(last().referenceErrorNanos()).isEqualTo(100_000);
        }
        source.update();
        tracker.poll();
        assertThat(last().referenceErrorNanos()).isEqualTo(10);
    }

    @Test
    void anUpdateMayHaveBeenMeasuredWithTheErrorOfTheReadingBeforeIt() {
        provider.tell(100_000);
        tracker.poll();
        source.update();
        provider.tell(10);
        tracker.poll();
        assertThat(last().referenceErrorNanos()).isEqualTo(100_000);
        source.update();
        tracker.poll();
        assertThat(last().referenceErrorNanos()).isEqualTo(10);
    }

    private Poll last() {
        return polls.get(polls.size() - 1);
    }
}
