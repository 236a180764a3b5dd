/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockbound.BoundSettings;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.SourceList;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import io.clockbound.transport.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource();
    private final History history = new History(clock);
    private final ErrorBoundTracker tracker =
            new ErrorBoundTracker(clock, source, List.of(), BoundSettings.DEFAULTS, history::note);

    @Test
    void everyMinuteHasTheMinimumTheMedianAndTheMaximumOfTheHalfWidth() throws IOException {
        poll(Duration.ofMinutes(3));
        JsonNode periods = read(0).path("periods");
        assertThat(periods).hasSize(3);
        for (JsonNode period : periods) {
            assertThat(period.path("duration_ns").asLong()).isEqualTo(60_000_000_000L);
            assertThat(period.path("trusted_percent").asLong()).isBetween(99L, 100L);
            long min = period.path("min_ns").asLong();
            long median = period.path("median_ns").asLong();
            long max = period.path("max_ns").asLong();
            assertThat(min).isPositive().isLessThanOrEqualTo(median);
            assertThat(median).isLessThanOrEqualTo(max);
        }
    }

    @Test
    void aDayIsPutTogetherUntilItFits() throws IOException {
        for (int minute = 0; minute < 25 * 60; minute++) {
            tracker.poll();
            clock.advance(Duration.ofMinutes(1));
            source.update();
        }
        JsonNode report = read(0);
        assertThat(report.path("periods")).hasSize(30);
        assertThat(report.path("periods").get(0).path("duration_ns").asLong())
                .isEqualTo(Duration.ofMinutes(48).toNanos());
    }

    @Test
    void aChangeHasItsReasonAndHowLongWhatItBeganHasLasted() throws IOException {
        poll(Duration.ofSeconds(1));
        source.fail("it is gone");
        poll(Duration.ofSeconds(10));
        JsonNode changes = read(0).path("changes");
        assertThat(changes).hasSize(4);
        assertThat(changes.get(0).path("to").asText()).isEqualTo("SYNCHRONIZED");
        assertThat(changes.get(1).path("what").asText()).isEqualTo("source");
        assertThat(changes.get(2).path("to").asText()).isEqualTo("FREE_RUNNING");
        assertThat(changes.get(2).path("why").asText()).contains("it is gone");
        assertThat(changes.get(2).path("lasted_ns").asLong()).isBetween(3_000_000_000L, 6_000_000_000L);
        assertThat(changes.get(3).path("to").asText()).isEqualTo("UNKNOWN");
        assertThat(changes.get(3).path("why").asText()).contains("it is gone");
    }

    @Test
    void aTimeInWhichNobodyPolledIsNotTrustedFromTheEndOfTheLastBoundOn() throws IOException {
        poll(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(24));
        poll(Duration.ofSeconds(2));
        JsonNode changes = read(0).path("changes");
        assertThat(changes).hasSize(4);
        assertThat(changes.get(2).path("to").asText()).isEqualTo("UNKNOWN");
        assertThat(changes.get(2).path("why").asText()).startsWith("no poll has renewed the bound in time");
        assertThat(changes.get(2).path("lasted_ns").asLong()).isEqualTo(18_900_000_000L);
        assertThat(changes.get(3).path("to").asText()).isEqualTo("SYNCHRONIZED");
        assertThat(changes.get(3).path("lasted_ns").asLong()).isEqualTo(2_000_000_000L);
    }

    @Test
    void anotherSourceIsAChange() throws IOException {
        poll(Duration.ofSeconds(1));
        source.reference(new ReferenceId(0x0A000001, true)).update();
        poll(Duration.ofSeconds(1));
        JsonNode change = read(0).path("changes").get(2);
        assertThat(change.path("from").asText()).isEqualTo("C0000201");
        assertThat(change.path("to").asText()).isEqualTo("0A000001");
    }

    @Test
    void aSourceThatFollowsNoneAnyMoreIsAChange() throws IOException {
        poll(Duration.ofSeconds(1));
        source.reference(ReferenceId.NONE).update();
        poll(Duration.ofSeconds(2));
        JsonNode changes = read(0).path("changes");
        assertThat(changes).hasSize(4);
        assertThat(changes.get(3).path("from").asText()).isEqualTo("C0000201");
        assertThat(changes.get(3).path("to").asText()).isEqualTo("none");
        assertThat(changes.get(3).path("why").asText()).isEqualTo("the time source follows none");
    }

    @Test
    void anotherReasonForTheSameStatusIsAChange() throws IOException {
        poll(Duration.ofSeconds(1));
        source.fail("it is gone");
        poll(Duration.ofSeconds(10));
        source.fail("it is denied");
        poll(Duration.ofSeconds(5));
        source.recover().update();
        poll(Duration.ofSeconds(1));
        JsonNode changes = read(0).path("changes");
        assertThat(changes).hasSize(6);
        assertThat(changes.get(4).path("what").asText()).isEqualTo("reason");
        assertThat(changes.get(4).path("to").asText()).isEqualTo("UNKNOWN");
        assertThat(changes.get(4).path("why").asText()).contains("it is denied");
        assertThat(changes.get(4).path("lasted_ns").asLong()).isEqualTo(5_000_000_000L);
        assertThat(changes.get(5).path("to").asText()).isEqualTo("SYNCHRONIZED");
    }

    @Test
    void aReasonThatComesAndGoesDoesNotMakeAChangeOfTheStatusForgotten() {
        for (int i = 0; i < 200; i++) {
            source.fail("reason " + i);
            poll(Duration.ofMillis(100));
            if (i == 0) {
                source.recover();
                poll(Duration.ofSeconds(1));
            }
        }
        assertThat(history.changes()).hasSize(History.MAX_CHANGES);
        assertThat(history.changes())
                .filteredOn(Change.OfStatus.class::isInstance)
                .hasSize(3);
    }

    @Test
    void whatIsOlderThanAskedForIsLeftOut() throws IOException {
        poll(Duration.ofMinutes(3));
        long twoMinutesAgo = clock.epochNanos() - Duration.ofMinutes(2).toNanos() - 500_000_000;
        assertThat(read(twoMinutesAgo).path("periods")).hasSize(2);
        assertThat(read(twoMinutesAgo).path("changes")).isEmpty();
    }

    @Test
    void howeverLongItsReasonsItFitsAndSaysWhatItLeavesOut() throws IOException {
        for (int i = 0; i < 200; i++) {
            source.fail("\u0001".repeat(1_000) + i);
            poll(Duration.ofSeconds(10));
            source.recover().update();
            poll(Duration.ofSeconds(1));
        }
        String json = json(0);
        assertThat(json.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(Transport.MAX_STATUS_BYTES);
        assertThat(read(0).path("changes_left_out").asInt()
                        + read(0).path("changes").size())
                .isEqualTo(History.MAX_CHANGES);
    }

    private void poll(Duration during) {
        for (long left = during.toMillis(); left > 0; left -= 100) {
            tracker.poll();
            clock.advance(Duration.ofMillis(100));
            source.update();
        }
        tracker.poll();
    }

    private String json(long sinceEpochNanos) {
        return HistoryReport.json(history, sinceEpochNanos, clock, new SourceList(List.of(), 0, 0));
    }

    private JsonNode read(long sinceEpochNanos) throws IOException {
        return new ObjectMapper().readTree(json(sinceEpochNanos));
    }
}
