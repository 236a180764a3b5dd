/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockbound.BoundSettings;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.PollOutcome;
import io.clockbound.SourceList;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why the status is what it is, as the report tells it. */
class WhyTest {

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource();
    private final History history = new History(clock);
    private final Warnings warnings = new Warnings(List.of());
    private final StatusReport report =
            new StatusReport(BoundSettings.DEFAULTS, source, clock, new Servers(clock, warnings), history, warnings);
    private final ErrorBoundTracker tracker =
            new ErrorBoundTracker(clock, source, List.of(), BoundSettings.DEFAULTS, this::note);

    private void note(PollOutcome poll) {
        history.note(poll);
        report.note(poll);
    }

    @Test
    void itTellsSinceWhenTheStatusIsWhatItIsAndWhatChangedBefore() throws IOException {
        tracker.poll();
        clock.advance(Duration.ofSeconds(2));
        source.fail("it is gone");
        tracker.poll();
        clock.advance(Duration.ofSeconds(1));
        JsonNode status = read();
        assertThat(status.path("status").asText()).isEqualTo("FREE_RUNNING");
        assertThat(status.path("lasted_ns").asLong()).isEqualTo(1_000_000_000);
        assertThat(status.path("why").asText()).isEqualTo("it is gone");
        assertThat(status.path("last_poll").path("age_ns").asLong()).isEqualTo(1_000_000_000);
        assertThat(status.path("changes")).hasSize(3);
        assertThat(status.path("changes").get(2).path("why").asText()).isEqualTo("it is gone");
    }

    @Test
    void aForcedDisruptionIsTheReasonForAsLongAsItLasts() throws IOException {
        tracker.poll();
        tracker.beginDisruption();
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMillis(100));
            tracker.poll();
            assertThat(read().path("why").asText())
                    .startsWith("a disruption is forced until it is ended, which SIGUSR2");
            assertThat(read().path("last_poll").path("result").asText()).isEqualTo("DISRUPTION_FORCED");
        }
        tracker.endDisruption();
        clock.advance(Duration.ofMillis(100));
        tracker.poll();
        assertThat(read().path("why").asText()).startsWith("the disruption is over");
        tracker.poll();
        assertThat(read().path("status").asText()).isEqualTo("SYNCHRONIZED");
    }

    /** The polls after a step find a source that is fine. */
    @Test
    void aStepIsTheReasonUntilTheSourceHasMeasuredAnew() throws IOException {
        source.agingBy(clock);
        tracker.poll();
        clock.stepWall(Duration.ofSeconds(1));
        tracker.poll();
        clock.advance(Duration.ofMillis(100));
        tracker.poll();
        JsonNode status = read();
        assertThat(status.path("status").asText()).isEqualTo("DISRUPTED");
        assertThat(status.path("last_poll").path("result").asText()).isEqualTo("SYNCHRONIZED");
        assertThat(status.path("why").asText())
                .contains("the wall clock was stepped by PT1S", "until the time source has measured it anew");
    }

    @Test
    void aBoundThatNoPollHasRenewedInTimeIsTheReasonTogetherWithWhatTheLastPollFound() throws IOException {
        tracker.poll();
        clock.advance(Duration.ofMinutes(1));
        JsonNode status = read();
        assertThat(status.path("status").asText()).isEqualTo("UNKNOWN");
        assertThat(status.path("lasted_ns").asLong()).isEqualTo(54_900_000_000L);
        assertThat(status.path("why").asText())
                .isEqualTo("no poll has renewed the bound in time; the last one found: synchronised");
    }

    @Test
    void aDisruptionThatNoPollHasSeenYetSaysSo() throws IOException {
        tracker.poll();
        clock.stepWall(Duration.ofSeconds(1));
        assertThat(read().path("why").asText()).startsWith("since the last poll the wall clock was stepped");
    }

    private JsonNode read() throws IOException {
        return new ObjectMapper().readTree(report.json(bound -> bound.read(clock), new SourceList(List.of(), 0, 0)));
    }
}
