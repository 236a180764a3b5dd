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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each kind of answer does to the status and the bound. */
class ErrorBoundTrackerTest {

    private static final BoundSettings SETTINGS =
            BoundSettings.DEFAULTS.withMaxClockErrorPpb(1_000).withPollInterval(Duration.ofSeconds(1));

    private static final long SECOND = 1_000_000_000;

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource().agingBy(clock);
    private final List<PollOutcome> polls = new ArrayList<>();
    private final ErrorBoundTracker tracker = new ErrorBoundTracker(clock, source, List.of(), SETTINGS, polls::add);

    private void become(ClockStatus status) {
        switch (status) {
            case SYNCHRONIZED -> tracker.poll();
            case FREE_RUNNING -> {
                tracker.poll();
                source.fail("gone");
                tracker.poll();
                source.recover();
            }
            case UNKNOWN -> {
                source.leap(LeapStatus.UNSYNCHRONIZED);
                tracker.poll();
                source.leap(LeapStatus.NORMAL);
            }
            case DISRUPTED -> {
                tracker.poll();
                tracker.beginDisruption();
                tracker.poll();
                tracker.endDisruption();
            }
        }
        assertThat(tracker.current().status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN, SYNCHRONIZED",
        "SYNCHRONIZED, SYNCHRONIZED",
        "FREE_RUNNING, SYNCHRONIZED",
        "DISRUPTED, UNKNOWN",
    })
    void synchronizedReplyLeadsToSynchronizedExceptAfterADisruption(ClockStatus now, ClockStatus next) {
        become(now);
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, next);
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN, UNKNOWN",
        "SYNCHRONIZED, FREE_RUNNING",
        "FREE_RUNNING, FREE_RUNNING",
        "DISRUPTED, UNKNOWN",
    })
    void replyOfASourceThatHasLostItsReferenceLeadsFromTrustToFreeRunning(ClockStatus now, ClockStatus next) {
        tracker.poll();
        clock.advance(Duration.ofSeconds(15)); // not stale yet, so that any status can be reached
        become(now);
        clock.advance(Duration.ofMillis(1_001));
        tracker.poll();
        assertLast(Result.FREE_RUNNING, next);
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN, UNKNOWN",
        "SYNCHRONIZED, FREE_RUNNING",
        "FREE_RUNNING, FREE_RUNNING",
        "DISRUPTED, UNKNOWN",
    })
    void silenceLeadsFromTrustToFreeRunning(ClockStatus now, ClockStatus next) {
        become(now);
        source.fail("nobody there");
        tracker.poll();
        assertLast(Result.NO_ANSWER, next);
        assertThat(last().detail()).isEqualTo("nobody there");
    }

    @ParameterizedTest
    @EnumSource
    void unsynchronizedReplyLeadsToUnknown(ClockStatus now) {
        become(now);
        source.leap(LeapStatus.UNSYNCHRONIZED);
        tracker.poll();
        assertLast(Result.UNSYNCHRONIZED, ClockStatus.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource
    void silenceLongerThanFiveSecondsLeadsToUnknown(ClockStatus now) {
        become(now);
        clock.advanceNanos(5 * SECOND + 1);
        source.fail("gone");
        tracker.poll();
        assertLast(Result.NO_ANSWER, ClockStatus.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource
    void stepLeadsToDisruptedWhateverTheSourceSays(ClockStatus now) {
        become(now);
        clock.stepWall(Duration.ofSeconds(1));
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.DISRUPTED);
    }

    @ParameterizedTest
    @EnumSource
    void faultOfTheProgramLeadsToUnknown(ClockStatus now) {
        become(now);
        tracker.distrust(new AssertionError("a bug"));
        assertLast(Result.FAILED, ClockStatus.UNKNOWN);
        assertThat(last().detail()).contains("a bug");
    }

    @Test
    void boundIsThatOfTheReplyAndOfTheComparisonOfTheClocks() {
        clock.readingCosts(Duration.ofNanos(30));
        tracker.poll();
        assertThat(tracker.current().boundNanos())
                .isEqualTo(20_000 + 31 + 1); // 10 µs + 20 µs / 2, and what it grew while the clocks were compared
    }

    @Test
    void asOfIsBeforeThePoll() {
        long before = clock.monotonicNanos();
        source.duringPoll(() -> clock.advance(Duration.ofMillis(300)));
        tracker.poll();
        assertThat(tracker.current().asOfNanos()).isEqualTo(before);
    }

    @Test
    void theLastPollIsTheOneThatHasEndedAndNotTheQuestionThatIsOpen() {
        assertThat(tracker.last().result()).isEqualTo(Result.PENDING);
        tracker.poll();
        assertThat(tracker.last().result()).isEqualTo(Result.SYNCHRONIZED);
        source.duringPoll(() -> assertThat(tracker.last().result()).isEqualTo(Result.SYNCHRONIZED))
                .fail("gone");
        tracker.poll();
        assertThat(tracker.last().result()).isEqualTo(Result.NO_ANSWER);
    }

    @Test
    void theDurationOfAPollIsThatOfTheQuestionAndTheReply() {
        source.duringPoll(() -> clock.advance(Duration.ofMillis(300)));
        tracker.poll();
        assertThat(last().durationNanos()).isEqualTo(300_000_000);
    }

    @Test
    void aSourceWithoutReferenceIsNotSynchronized() {
        source.reference(ReferenceId.NONE);
        assertRefused("no reference");
    }

    @Test
    void aSourceWithASingleUpdateIsNotSynchronized() {
        source.lastUpdateInterval(0);
        tracker.poll();
        assertLast(Result.NO_ANSWER, ClockStatus.UNKNOWN);
        assertThat(last().detail()).contains("single update");
    }

    @Test
    void aSourceThatWasRestartedMakesNoNewBoundWithItsFirstUpdateAndTheLastGoodOneGoesOnGrowing() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.update().lastUpdateInterval(0);
        tracker.poll();
        assertLast(Result.NO_ANSWER, ClockStatus.FREE_RUNNING);
        assertThat(tracker.current().asOfNanos()).isEqualTo(clock.monotonicNanos() - SECOND);
        source.update().lastUpdateInterval(SECOND);
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    @Test
    void theClockMayBeOnItsWayToWhereTheFirstUpdateAfterARestartWantsIt() {
        tracker.poll();
        NanosRange good = range(tracker.current());
        clock.advance(Duration.ofSeconds(1));
        source.update().lastUpdateInterval(0).correction(5_000_000).correctionError(100);
        tracker.poll();
        NanosRange onTheWay = good.hull(good.shifted(-5_000_000)).widened(100);
        assertThat(range(tracker.current())).isEqualTo(onTheWay);
        clock.advance(Duration.ofSeconds(1));
        source.correction(4_000_000); // the same update still, and the slew goes on
        tracker.poll();
        assertThat(range(tracker.current())).isEqualTo(onTheWay);
        assertLast(Result.NO_ANSWER, ClockStatus.FREE_RUNNING);
    }

    @Test
    void whatWasMeasuredBeforeTheFirstUpdateAfterARestartMakesNoBoundWithTheSecondEither() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.updateByOldMeasurement().lastUpdateInterval(0);
        tracker.poll();
        source.updateByOldMeasurement().lastUpdateInterval(SECOND);
        tracker.poll();
        assertLast(Result.NO_ANSWER, ClockStatus.FREE_RUNNING);
        assertThat(last().detail()).contains("has not measured");
        source.update();
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    /** chronyd with saved measurements made two updates within 11 ms. */
    @Test
    void whatWasMeasuredBeforeTheSourceHadNoReferenceMakesNoBoundThoughNoReplyShowedTheFirstUpdate() {
        ReferenceId server = source.snapshot().reference();
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.reference(new ReferenceId(0, false));
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.reference(server)
                .updateByOldMeasurement()
                .lastUpdateInterval(11_000_000)
                .age(2 * SECOND);
        tracker.poll();
        assertLast(Result.NO_ANSWER, ClockStatus.UNKNOWN);
        clock.advance(Duration.ofSeconds(1));
        source.update();
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    /** chronyd was restarted with saved measurements between two polls, and was synchronised at both. */
    @Test
    void whatWasMeasuredBeforeTwoUpdatesBetweenTwoRepliesMakesNoBound() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.updateByOldMeasurement().lastUpdateInterval(105_000_000).age(SECOND);
        tracker.poll();
        assertLast(Result.NO_ANSWER, ClockStatus.FREE_RUNNING);
        clock.advance(Duration.ofSeconds(1));
        source.update();
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    @Test
    void afterARestartAnotherReferenceThatWasMeasuredBeforeTheFirstUpdateMakesNoBound() {
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        source.update().lastUpdateInterval(0);
        tracker.poll();
        source.updateByOldMeasurement()
                .reference(new ReferenceId(0x7F000002, true))
                .lastUpdateInterval(SECOND);
        tracker.poll();
        assertLast(Result.NO_ANSWER, ClockStatus.FREE_RUNNING);
        clock.advance(Duration.ofSeconds(1));
        source.update();
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aSourceWhoseSkewStaysAtItsCeilingIsNotSynchronized() {
        source.skew(SECOND);
        assertRefused("maxsamples");
        source.skew(800_000_000);
        tracker.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aDriftOfASecondPerSecondIsNotSynchronized() {
        source.skew(SECOND - 1);
        assertRefused("a second per second");
    }

    @Test
    void aDriftOfASecondPerSecondBecauseTheFrequencyMayNotBeAppliedIsNotSynchronizedEither() {
        source.skew(888_887_881).frequency(7); // an eighth more of each, rounded up
        assertRefused("a second per second");
        source.frequency(6);
        ErrorBoundTracker other = new ErrorBoundTracker(clock, source, List.of(), SETTINGS, polls::add);
        other.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
        assertThat(other.current().maxDriftPpb()).isEqualTo(999_999_999);
    }

    @Test
    void aLocalReferenceIsNotTrusted() {
        source.reference(ReferenceId.LOCAL);
        assertRefused("local mode");
    }

    @Test
    void aLocalReferenceIsTrustedWhenAllowedAndNeverStale() {
        BoundSettings settings = SETTINGS.withLocalReference(true);
        ErrorBoundTracker closed = new ErrorBoundTracker(clock, source, List.of(), settings, polls::add);
        source.reference(ReferenceId.LOCAL).rootDelay(0).rootDispersion(0);
        closed.poll();
        clock.advance(Duration.ofHours(1));
        closed.poll();
        assertLast(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
    }

    private static NanosRange range(ClockErrorBound bound) {
        return NanosRange.around(bound.correctionNanos(), bound.boundNanos());
    }

    private void assertRefused(String reason) {
        tracker.poll();
        assertLast(Result.UNSYNCHRONIZED, ClockStatus.UNKNOWN);
        assertThat(last().detail()).contains(reason);
    }

    private void assertLast(Result result, ClockStatus status) {
        assertThat(last().result()).as(last().detail()).isEqualTo(result);
        assertThat(last().bound().status()).isEqualTo(status);
    }

    private PollOutcome last() {
        return polls.get(polls.size() - 1);
    }
}
