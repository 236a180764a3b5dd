/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeErrorBoundProvider;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the error of the reference itself adds, and what follows when it is not known. */
class ErrorBoundTrackerReferenceTest {

    private static final BoundSettings SETTINGS =
            BoundSettings.DEFAULTS.withMaxClockErrorPpb(1_000).withPollInterval(Duration.ofSeconds(1));

    private static final ReferenceId PHC = ReferenceId.ofClock("PHC0");
    private static final ReferenceId SERVER = new ReferenceId(0xC0000201, true);
    private static final long OWN = 20_001; // of the source and of the comparison of the clocks

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource().reference(PHC);
    private final FakeErrorBoundProvider provider = new FakeErrorBoundProvider(PHC, 5_000);
    private final List<PollOutcome> polls = new ArrayList<>();
    private final ErrorBoundTracker tracker = trackerWith(provider);

    /** Returns one whose source has measured with the reference since it was first asked. */
    private ErrorBoundTracker trackerWith(ErrorBoundProvider... providers) {
        ErrorBoundTracker fresh = new ErrorBoundTracker(clock, source, List.of(providers), SETTINGS, polls::add);
        fresh.poll();
        source.update();
        return fresh;
    }

    @Test
    void theErrorOfTheReferenceItselfIsAdded() {
        tracker.poll();
        assertThat(tracker.current().boundNanos()).isEqualTo(OWN + 5_000);
        assertThat(last().referenceErrorNanos()).hasValue(5_000);
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
    void aReportedErrorOfZeroIsKnown() {
        tracker.poll();
        source.update();
        provider.tell(0);
        tracker.poll();
        source.update();
        tracker.poll();
        assertThat(last().bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        assertThat(last().referenceErrorNanos()).hasValue(0);
    }

    @Test
    void aNegativeErrorIsRefused() {
        provider.tell(-1);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
        assertThat(last().detail()).isEqualTo("the error of PHC0 cannot be -1 ns, as the provider 'fake' says");
    }

    @Test
    void theErrorAtTheLastMeasurementCountsUntilTheNextOne() {
        provider.tell(100_000);
        tracker.poll();
        provider.tell(10);
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofSeconds(1));
            tracker.poll();
            assertThat(last().referenceErrorNanos()).hasValue(100_000);
        }
        source.update();
        tracker.poll();
        assertThat(last().referenceErrorNanos()).hasValue(10);
    }

    @Test
    void anUpdateMayHaveBeenMeasuredWithTheErrorOfTheReadingBeforeIt() {
        provider.tell(100_000);
        tracker.poll();
        source.update();
        provider.tell(10);
        tracker.poll();
        assertThat(last().referenceErrorNanos()).hasValue(100_000);
        source.update();
        tracker.poll();
        assertThat(last().referenceErrorNanos()).hasValue(10);
    }

    @Test
    void theErrorOfTheReferenceBeforeTheFirstPollIsUnknown() {
        ErrorBoundTracker fresh = new ErrorBoundTracker(clock, source, List.of(provider), SETTINGS, polls::add);
        for (int i = 0; i < 3; i++) {
            fresh.poll();
            assertThat(last().result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
            assertThat(last().detail())
                    .isEqualTo("the error that PHC0 had when the source last measured is not known; "
                            + "that of its next measurement will be");
        }
        assertThat(last().bound().status()).isEqualTo(ClockStatus.UNKNOWN);
        source.update();
        fresh.poll();
        assertThat(last().bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aReferenceClockOfUnknownErrorIsNotTrusted() {
        source.reference(ReferenceId.ofClock("GPS"));
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.UNSYNCHRONIZED);
        assertThat(last().detail()).contains("GPS").contains("reference-error GPS=TIME");
        assertThat(last().bound().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    @Test
    void theErrorThatTheOperatorGivesForAReferenceClockIsAddedAtOnce() {
        BoundSettings told = SETTINGS.withReferenceError(ReferenceId.ofClock("GPS"), Duration.ofNanos(700));
        source.reference(ReferenceId.ofClock("GPS"));
        ErrorBoundTracker fresh = new ErrorBoundTracker(clock, source, List.of(provider), told, polls::add);
        fresh.poll();
        assertThat(last().bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        assertThat(fresh.current().boundNanos()).isEqualTo(OWN + 700);
    }

    @Test
    void theErrorsOfTheOperatorAndOfAProviderAddUp() {
        BoundSettings told = SETTINGS.withReferenceError(PHC, Duration.ofNanos(700));
        ErrorBoundTracker fresh = new ErrorBoundTracker(clock, source, List.of(provider), told, polls::add);
        fresh.poll();
        source.update();
        fresh.poll();
        assertThat(fresh.current().boundNanos()).isEqualTo(OWN + 5_700);
    }

    @Test
    void aServerHasNoErrorOfItsOwn() {
        source.reference(SERVER);
        tracker.poll();
        assertThat(last().bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        assertThat(last().referenceErrorNanos()).isEmpty();
    }

    @Test
    void theErrorOfAReferenceThatTheSourceTurnsToIsKnownFromItsNextMeasurementOn() {
        source.reference(SERVER);
        tracker.poll();
        source.reference(PHC).update();
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
        assertThat(last().bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
        source.update();
        tracker.poll();
        assertThat(last().referenceErrorNanos()).hasValue(5_000);
    }

    @Test
    void theErrorOfAnotherReferenceDoesNotStandForThatOfThisOne() {
        ReferenceId other = ReferenceId.ofClock("PHC1");
        ErrorBoundTracker both = trackerWith(provider, new FakeErrorBoundProvider(other, 70_000));
        both.poll();
        source.reference(other).update();
        both.poll();
        assertThat(last().result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
        source.update();
        both.poll();
        assertThat(last().referenceErrorNanos()).hasValue(70_000);
    }

    @Test
    void anErrorThatWasUnknownBeforeAnUpdateStaysSoUntilTheNext() {
        tracker.poll();
        provider.fail("device blocked");
        tracker.poll();
        source.update();
        provider.tell(10);
        for (int i = 0; i < 3; i++) {
            tracker.poll();
            assertThat(last().result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
        }
        source.update();
        tracker.poll();
        assertThat(last().referenceErrorNanos()).hasValue(10);
    }

    @Test
    void anErrorThatIsUnknownAfterAnUpdateStaysSoUntilTheNext() {
        tracker.poll();
        source.update();
        provider.fail("device blocked");
        tracker.poll();
        provider.tell(10);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
        source.update();
        tracker.poll();
        assertThat(last().referenceErrorNanos()).hasValue(10);
    }

    @Test
    void anErrorThatIsToldAtAPollWithoutTrustIsKnownAtTheNext() {
        tracker.poll();
        source.update().skew(1_000_000_000);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.UNSYNCHRONIZED);
        source.update().skew(0);
        tracker.poll();
        assertThat(last().result()).isEqualTo(Result.SYNCHRONIZED);
        assertThat(last().referenceErrorNanos()).hasValue(5_000);
    }

    @Test
    void aLeapSecondCountsThatWasAnnouncedWhileTheErrorWasUnknown() {
        SimulatedClock evening = new SimulatedClock(Instant.parse("2026-12-31T23:59:58Z"));
        ErrorBoundTracker late = new ErrorBoundTracker(evening, source, List.of(provider), SETTINGS, polls::add);
        source.leap(LeapStatus.INSERT_SECOND).update(Instant.parse("2026-12-31T23:59:57Z"));
        late.poll();
        evening.advance(Duration.ofSeconds(5));
        source.leap(LeapStatus.NORMAL).update().age(4_000_000_000L);
        late.poll();
        assertThat(last().result()).isEqualTo(Result.UNSYNCHRONIZED);
        source.update().age(0);
        late.poll();
        assertThat(last().bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    private PollOutcome last() {
        return polls.get(polls.size() - 1);
    }
}
