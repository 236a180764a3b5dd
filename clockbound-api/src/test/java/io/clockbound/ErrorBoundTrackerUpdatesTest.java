/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.LeapStatus;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from when the source last measured. */
class ErrorBoundTrackerUpdatesTest {

    private static final BoundSettings SETTINGS =
            BoundSettings.DEFAULTS.withMaxClockErrorPpb(1_000).withPollInterval(Duration.ofSeconds(1));

    private static final long SECOND = 1_000_000_000;

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource().agingBy(clock);
    private final List<PollOutcome> polls = new ArrayList<>();
    private final ErrorBoundTracker tracker = new ErrorBoundTracker(clock, source, List.of(), SETTINGS, polls::add);

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
    void aPollWithoutReplyIsRepeatedAtTheUsualInterval() {
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
    void aSourceThatIsAskedSeldomIsStaleAfterFourOfItsIntervals() {
        source.pollInterval(64 * SECOND);
        tracker.poll();
        clock.advance(Duration.ofSeconds(256));
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.SYNCHRONIZED);
        clock.advanceNanos(1);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.FREE_RUNNING);
    }

    @Test
    void aSourceThatReportsOnlyItsEstimateIsStaleAfterEightOfItsUpdateIntervals() {
        ErrorBoundTracker lenient =
                new ErrorBoundTracker(clock, source, List.of(), SETTINGS.withEstimate(true), polls::add);
        source.estimateOnly("it does not tell").lastUpdateInterval(64 * SECOND);
        lenient.poll();
        clock.advance(Duration.ofSeconds(512));
        lenient.poll();
        assertThat(last().result()).isEqualTo(Result.SYNCHRONIZED);
        clock.advanceNanos(1);
        lenient.poll();
        assertThat(last().result()).isEqualTo(Result.FREE_RUNNING);
    }

    @Test
    void anEstimateAloneIsNotTrustedUnlessTheOperatorAllowsIt() {
        source.estimateOnly("it does not tell");
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.UNSYNCHRONIZED);
        assertThat(last().detail()).isEqualTo("it does not tell");
    }

    @Test
    void whatWasMeasuredHoldsOnWhileASourceThatTellsNothingMoreLeavesItsEstimateAlone() {
        tracker.poll();
        long widthNanos = tracker.current().boundNanos();
        clock.advance(Duration.ofSeconds(1));
        source.estimateOnly("it has selected no source");
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.FREE_RUNNING);
        assertThat(last().detail()).isEqualTo("it has selected no source");
        assertThat(tracker.current().boundNanos()).isBetween(widthNanos + 1_000, widthNanos + 1_200); // 9/8 ppm
        source.update().lastUpdateInterval(1); // there may have been several
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.UNSYNCHRONIZED);
    }

    @Test
    void anOperatorWhoSaysThatNobodySetsTheClockIsContradictedByItsCorrection() {
        ErrorBoundTracker told = new ErrorBoundTracker(
                clock, source, List.of(), SETTINGS.withDiscipline(ClockDiscipline.UNDISCIPLINED), polls::add);
        source.frequency(20_000).correction(5_000_000);
        told.poll();
        assertThat(last().detail()).isEqualTo("synchronised");
        assertThat(told.current().boundNanos()).isLessThan(100_000);
        clock.advance(Duration.ofSeconds(1));
        source.correction(4_000_000);
        told.poll();
        assertThat(last().detail()).contains("clock=undisciplined is not true");
        assertThat(told.current().boundNanos()).isGreaterThan(2_000_000);
    }

    @Test
    void anUnreachableReferenceIsReported() {
        source.unheard("the server does not answer: 'chronyc reselect'");
        tracker.poll();
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.FREE_RUNNING);
        assertThat(last().detail()).isEqualTo("the server does not answer: 'chronyc reselect'");
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
    void aLostReplyIsNoUpdate() {
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
    void twoRepliesOfAnUpdateTellWhetherTheFrequencyIsApplied() {
        source.frequency(20_000);
        tracker.poll();
        assertThat(tracker.current().maxDriftPpb()).isEqualTo(23_625); // 9/8 × (1 ppm + 20 ppm)
        clock.advance(Duration.ofMillis(100));
        tracker.poll();
        assertThat(tracker.current().maxDriftPpb()).isEqualTo(1_127);
    }

    @Test
    void aForgottenStepStaysInTheBoundUntilTheNextUpdateHoweverFarTheClockRunsAway() {
        source.lastOffset(100_000_000);
        tracker.poll();
        clock.advance(Duration.ofMinutes(10));
        source.correction(120_000_000); // 200 ppm of a clock that nobody disciplines: more than the step by now
        tracker.poll();
        assertThat(tracker.current().symmetricBoundNanos()).isGreaterThan(220_000_000);
        source.update().lastOffset(0);
        tracker.poll();
        assertThat(tracker.current().boundNanos()).isLessThan(130_000_000);
    }

    /** chronyd before 4.7 under -x with makestep, whose sources disagree for a moment. */
    @Test
    void aForgottenStepStaysInTheBoundThoughTheSourceWasNotSynchronizedMeanwhile() {
        source.lastOffset(-40_000_000);
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.leap(LeapStatus.UNSYNCHRONIZED);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.UNSYNCHRONIZED);
        clock.advance(Duration.ofSeconds(1));
        source.leap(LeapStatus.NORMAL)
                .updateByOldMeasurement()
                .lastUpdateInterval(4 * SECOND)
                .lastOffset(-8_000_000)
                .correction(8_000_000);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.SYNCHRONIZED);
        assertThat(tracker.current().boundNanos()).isGreaterThan(40_000_000);
        clock.advance(Duration.ofSeconds(1));
        source.update().lastOffset(0);
        tracker.poll();
        assertThat(tracker.current().boundNanos()).isLessThan(10_000_000);
    }

    /** After a restart whose first update was not seen, chronyd was wrong by four times the skew that it stated. */
    @Test
    void aSourceWhoseFrequencyJumpsIsTakenToBeWrongByAsMuch() {
        source.frequency(-25_000).skew(2_000);
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.update().frequency(-870_000).skew(234_000);
        tracker.poll();
        long ratePpb = 845_000 - 2_000 + 234_000 + 1_000;
        assertThat(last().terms().orElseThrow().ageNanos()).isZero();
        clock.advance(Duration.ofSeconds(10));
        tracker.poll();
        assertThat(last().terms().orElseThrow().ageNanos()).isEqualTo(ratePpb * 10 * 9 / 8);
    }

    private PollOutcome last() {
        return polls.get(polls.size() - 1);
    }
}
