/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.SourceState;
import io.clockbound.spi.TimeSource;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceInquiryTest {

    private static final Duration UNTIL_NEXT = Duration.ofMillis(100);
    private static final SourceState SERVER = new SourceState(
            new ReferenceId(0xC0000201, true), "192.0.2.1", SourceState.Role.FOLLOWED, 2, 0377, Optional.empty());

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final Told source = new Told();
    private final SourceInquiry inquiry = new SourceInquiry(clock, source);

    @Test
    void itIsMadeAtMostEveryTenSeconds() {
        for (int i = 0; i < 301; i++) {
            inquiry.askAfter(reply(), UNTIL_NEXT);
            clock.advance(Duration.ofMillis(100));
        }
        assertThat(source.asked).isEqualTo(4);
        assertThat(inquiry.last().heard()).isEqualTo(1);
        assertThat(inquiry.last().followed()).contains(SERVER);
        assertThat(inquiry.last().nameOf(new ReferenceId(0xC0000201, true))).isEqualTo("192.0.2.1");
        assertThat(inquiry.last().nameOf(new ReferenceId(0xC0000202, true))).isEqualTo("C0000202");
    }

    @Test
    void anotherOutcomeOfAPollIsAReasonToAskASecondAfterTheLastTime() {
        inquiry.askAfter(reply(), UNTIL_NEXT);
        clock.advance(Duration.ofMillis(900));
        inquiry.askAfter(refusal(), UNTIL_NEXT);
        assertThat(source.asked).isEqualTo(1);
        clock.advance(Duration.ofMillis(100));
        inquiry.askAfter(refusal(), UNTIL_NEXT);
        assertThat(source.asked).isEqualTo(2);
        clock.advance(Duration.ofSeconds(1));
        inquiry.askAfter(refusal(), UNTIL_NEXT);
        assertThat(source.asked).isEqualTo(2);
        inquiry.askAfter(reply(), UNTIL_NEXT);
        assertThat(source.asked).isEqualTo(3);
    }

    @Test
    void whatItTakesIsTakenFromTheTimeUntilTheNextPoll() {
        source.duration = Duration.ofMillis(30);
        assertThat(inquiry.askAfter(reply(), UNTIL_NEXT)).isEqualTo(Duration.ofMillis(70));
        assertThat(inquiry.askAfter(reply(), UNTIL_NEXT)).isEqualTo(UNTIL_NEXT);
        assertThat(source.limit).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void aFailureEmptiesTheListAndIsNotRepeatedAtOnce() {
        inquiry.askAfter(reply(), UNTIL_NEXT);
        clock.advance(Duration.ofSeconds(10));
        source.isFailing = true;
        inquiry.askAfter(reply(), UNTIL_NEXT);
        assertThat(inquiry.last().sources()).isEmpty();
        inquiry.askAfter(reply(), UNTIL_NEXT);
        assertThat(source.asked).isEqualTo(2);
    }

    @Test
    void aSourceThatDoesNotReplyToAPollIsNotAskedForMore() {
        inquiry.askAfter(outcome(Optional.empty()), UNTIL_NEXT);
        assertThat(source.asked).isZero();
    }

    private static PollOutcome reply() {
        return outcome(Optional.of(new FakeTimeSource().snapshot()));
    }

    private static PollOutcome refusal() {
        return outcome(Result.UNSYNCHRONIZED, Optional.of(new FakeTimeSource().snapshot()));
    }

    private static PollOutcome outcome(Optional<ClockSnapshot> snapshot) {
        return outcome(Result.SYNCHRONIZED, snapshot);
    }

    private static PollOutcome outcome(Result result, Optional<ClockSnapshot> snapshot) {
        return new PollOutcome(result, "", "", snapshot, Optional.empty(), ClockErrorBound.unknown(), 0, 0);
    }

    /** A time source that tells its sources. */
    private final class Told implements TimeSource {

        private int asked;
        private boolean isFailing;
        private Duration duration = Duration.ZERO;
        private Duration limit = Duration.ZERO;

        @Override
        public List<SourceState> sources(Duration allowed) throws IOException {
            asked++;
            limit = allowed;
            clock.advance(duration);
            if (isFailing) {
                throw new IOException("as the test says");
            }
            return List.of(SERVER);
        }

        @Override
        public String name() {
            return "told";
        }

        @Override
        public TimeSource with(Map<String, String> settings) {
            return this;
        }

        @Override
        public ClockSnapshot poll() {
            throw new AssertionError("nothing polls");
        }

        @Override
        public String peer() {
            return "told";
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
