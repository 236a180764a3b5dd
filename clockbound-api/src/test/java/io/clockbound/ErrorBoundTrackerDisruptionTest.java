/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ErrorBoundTrackerDisruptionTest {

    private static final BoundSettings SETTINGS =
            BoundSettings.DEFAULTS.withMaxClockErrorPpb(1_000).withPollInterval(Duration.ofSeconds(1));

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource();
    private final List<PollOutcome> polls = new ArrayList<>();
    private final ErrorBoundTracker tracker = new ErrorBoundTracker(clock, source, List.of(), SETTINGS, polls::add);

    @BeforeEach
    void synchronize() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        polls.clear();
    }

    @Test
    void aStepBeforeTheQuestionIsPublishedBeforeTheSourceIsAsked() {
        clock.stepWallNanos(100);
        source.duringPoll(() -> assertThat(tracker.current().status()).isEqualTo(ClockStatus.DISRUPTED));
        tracker.poll();
        assertThat(polls).extracting(PollOutcome::result).containsExactly(Result.STEPPED, Result.SYNCHRONIZED);
        assertThat(polls.get(0).detail()).isEqualTo("the wall clock was stepped by PT0.0000001S");
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void aReplyDuringWhichTheClockWasSteppedIsNotUsed() {
        source.duringPoll(() -> clock.stepWallNanos(-100));
        assertThat(tracker.poll()).isEqualTo(Duration.ofMillis(100));
        assertThat(polls).extracting(PollOutcome::result).containsExactly(Result.PENDING, Result.STEPPED);
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void aStepDuringAPollWithoutReplyIsSeenAsWell() {
        source.duringPoll(() -> clock.stepWallNanos(-100)).fail("gone");
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    /** It was measured before the step, and chronyd does not know of that. */
    @Test
    void afterAStepTheMeasurementOfAnotherServerFromBeforeItIsNotUsed() {
        source.pollInterval(64_000_000_000L);
        clock.stepWallNanos(50_000_000);
        tracker.poll();
        clock.advance(Duration.ofSeconds(10));
        source.update();
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        clock.advance(Duration.ofSeconds(3));
        source.update()
                .lastUpdateInterval(64_000_000_000L)
                .reference(new ReferenceId(0x0A000002, true))
                .age(30_000_000_000L);
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.UNKNOWN);
        clock.advance(Duration.ofSeconds(1));
        source.update().age(2_000_000_000L);
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aSuspendedMachineIsDisrupted() {
        clock.suspend(Duration.ofMinutes(10), true);
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void aStepLastsUntilTheSourceHasMeasuredAgain() {
        clock.stepWallNanos(100);
        for (int i = 0; i < 3; i++) {
            tracker.poll(); // a source that did not notice goes on reporting the numbers of before
            assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
        }
        clock.advance(Duration.ofSeconds(1));
        source.update();
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.UNKNOWN);
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aMeasurementThatMayHaveBegunBeforeTheStepDoesNotEndIt() {
        clock.stepWallNanos(100);
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.update().age(Duration.ofSeconds(1).toNanos());
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
        source.age(Duration.ofMillis(880).toNanos()); // and 20 µs, which may be half of its delay
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    /** Its age is told by the source's own clock, which may have run slower than ours by a tenth. */
    @Test
    void aMeasurementThatIsYoungerThanTheStepByTheSourcesClockAloneDoesNotEndIt() {
        source.pollInterval(64_000_000_000L);
        clock.stepWallNanos(100);
        tracker.poll();
        clock.advance(Duration.ofSeconds(100));
        source.update().age(Duration.ofSeconds(93).toNanos());
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
        source.age(Duration.ofSeconds(88).toNanos());
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    @Test
    void aMeasurementFromBeforeTheStepDoesNotEndIt() {
        source.update(); // not yet seen when the clock is stepped
        clock.stepWallNanos(100);
        tracker.poll();
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void anUpdateThatIsNotTrustedDoesNotEndIt() {
        clock.stepWallNanos(100);
        tracker.poll();
        source.update().leap(LeapStatus.UNSYNCHRONIZED);
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void silenceDoesNotEndADisruption() {
        clock.stepWallNanos(100);
        source.fail("gone");
        tracker.poll();
        clock.advance(Duration.ofHours(1));
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void aSecondStepIsWaitedForAgain() {
        clock.stepWallNanos(100);
        tracker.poll();
        source.update();
        clock.stepWallNanos(100);
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
        clock.advance(Duration.ofSeconds(1));
        source.update();
        tracker.poll();
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void theWitnessIsThatOfTheClockAfterTheStep() {
        clock.stepWall(Duration.ofSeconds(-7));
        tracker.poll();
        assertThat(tracker.current().witnessNanos()).isEqualTo(clock.epochNanos() - clock.monotonicNanos());
    }

    @Test
    void aForcedDisruptionLastsUntilItIsEnded() {
        tracker.beginDisruption();
        for (int i = 0; i < 3; i++) {
            source.update();
            tracker.poll();
            assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
        }
        assertThat(polls.get(0).detail()).startsWith("a disruption is forced");
        tracker.endDisruption();
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.UNKNOWN);
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aForcedDisruptionIsPublishedBeforeTheSourceIsAsked() {
        tracker.beginDisruption();
        source.duringPoll(() -> assertThat(status()).isEqualTo(ClockStatus.DISRUPTED));
        tracker.poll();
        assertThat(polls)
                .extracting(PollOutcome::result)
                .containsExactly(Result.DISRUPTION_FORCED, Result.DISRUPTION_FORCED);
    }

    @Test
    void aForcedDisruptionIsPublishedBeforeTheSourceIsAskedWithoutTrustAsWell() {
        source.leap(LeapStatus.UNSYNCHRONIZED);
        tracker.poll();
        tracker.beginDisruption();
        source.duringPoll(() -> assertThat(status()).isEqualTo(ClockStatus.DISRUPTED));
        tracker.poll();
    }

    @Test
    void aDisruptionThatIsForcedWhileTheSourceIsAskedSaysSo() {
        source.duringPoll(tracker::beginDisruption);
        tracker.poll();
        assertThat(polls).extracting(PollOutcome::result).containsExactly(Result.PENDING, Result.DISRUPTION_FORCED);
        assertThat(polls.get(1).detail()).startsWith("a disruption is forced");
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
        tracker.poll();
        assertThat(polls).hasSize(3);
        assertThat(polls.get(2).result()).isEqualTo(Result.DISRUPTION_FORCED);
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void aStepDuringThePollThatNoComparisonShowsIsInTheBound() {
        clock.stepWall(Duration.ofMillis(-1)); // the clock is slow, and the source sets it right while it is asked
        source.update();
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.update().measuredOffset(-1_000_000);
        tracker.poll();
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        source.duringPoll(() -> {
            clock.stepWall(Duration.ofMillis(1));
            for (int bracket = 1; bracket <= Witness.MOST_BRACKETS; bracket++) {
                int lastReading = 1 + 3 * bracket;
                clock.beforeReading(lastReading, () -> clock.advance(Duration.ofMillis(5)));
            }
        });
        tracker.poll();
        clock.readUndisturbed();
        BoundedInstant now = tracker.current().read(clock);
        assertThat(now.status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        assertThat(clock.trueNanos()).isBetween(now.earliestNanos(), now.latestNanos());
    }

    private ClockStatus status() {
        return tracker.current().status();
    }
}
