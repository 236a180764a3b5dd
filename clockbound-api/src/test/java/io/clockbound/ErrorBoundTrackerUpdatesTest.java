/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.Poll.Result;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from when the source last measured. */
class ErrorBoundTrackerUpdatesTest {

    private static final long SECOND = 1_000_000_000;

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource();
    private final List<Poll> polls = new ArrayList<>();
    private final ErrorBoundTracker tracker =
            new ErrorBoundTracker(clock, source, List.of(), BoundSettings.DEFAULTS, polls::add);

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
    void aSourceIsStaleAfterSixteenSecondsWithoutUpdate() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(16));
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.SYNCHRONIZED);
        assertThat(last().detail()).isEqualTo("synchronised");
        clock.advanceNanos(1);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.FREE_RUNNING);
        assertThat(last().detail()).contains("has lost its reference");
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
    void twoAnswersOfAnUpdateTellWhetherTheFrequencyIsApplied() {
        source.frequency(20_000);
        tracker.poll();
        assertThat(tracker.current().maxDriftPpb()).isEqualTo(23_100); // 1.1 × (1 ppm + 20 ppm)
        clock.advance(Duration.ofMillis(100));
        tracker.poll();
        assertThat(tracker.current().maxDriftPpb()).isEqualTo(1_102);
    }

    @Test
    void aForgottenStepStaysInTheBoundUntilTheNextUpdateHoweverFarTheClockRunsAway() {
        source.lastOffset(100_000_000);
        tracker.poll();
        clock.advance(Duration.ofMinutes(10));
        source.correction(120_000_000); // 200 ppm of a clock that nobody disciplines: more than the step by now
        tracker.poll();
        assertThat(tracker.current().boundNanos()).isGreaterThan(220_000_000);
        source.update().lastOffset(0);
        tracker.poll();
        assertThat(tracker.current().boundNanos()).isLessThan(130_000_000);
    }

    private Poll last() {
        return polls.get(polls.size() - 1);
    }
}
