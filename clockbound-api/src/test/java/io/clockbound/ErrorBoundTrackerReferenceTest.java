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

/** What the error of the reference itself adds, and what follows when it is not known. */
class ErrorBoundTrackerReferenceTest {

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
