/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clockbound.SourceList;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.SourceState;
import io.clockbound.transport.TransportServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a scrape says. */
class ExportedMetricsTest extends ServedMetrics {

    private static final String TERM = "clockbound_error_bound_component_seconds{";

    @Test
    void beforeTheFirstPollThereIsNoStatusAndNoBound() throws Exception {
        assertThat(samples())
                .containsKey("clockbound_polls_total{result=\"synchronized\"}")
                .doesNotContainKey(BOUND);
        assertThat(get("/healthz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("UNKNOWN: no poll of the time source has ended yet\n");
    }

    @Test
    void theTermsOfATrustedBoundAddUpToIt() throws Exception {
        tracker.poll();
        clock.advance(Duration.ofSeconds(2));
        Map<String, Double> samples = samples();
        double terms = samples.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(TERM))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        assertThat(samples.get(BOUND))
                .isEqualTo(tracker.current().boundNanosAt(clock.monotonicNanos()) / 1e9)
                .isCloseTo(terms, within(1e-12));
        assertThat(samples)
                .containsEntry("clockbound_status{status=\"SYNCHRONIZED\"}", 1.0)
                .containsEntry("clockbound_status{status=\"UNKNOWN\"}", 0.0)
                .containsEntry("clockbound_status_transitions_total{from=\"UNKNOWN\",to=\"SYNCHRONIZED\"}", 1.0)
                .containsEntry("clockbound_last_poll_age_seconds", 2.0)
                .containsEntry("clockbound_error_bound_at_poll_seconds_count", 1.0)
                .containsKey("clockbound_measurement_age_seconds")
                .containsKey("clockbound_error_bound_component_seconds{component=\"growth\"}");
    }

    /** A bound of 0, or the last one, would be taken for a good clock. */
    @Test
    void withoutTrustThereIsNoSampleOfTheBoundOrItsTerms() throws Exception {
        tracker.poll();
        source.fail("it is gone");
        clock.advance(Duration.ofSeconds(6));
        tracker.poll();
        assertThat(samples())
                .containsEntry("clockbound_status{status=\"UNKNOWN\"}", 1.0)
                .containsEntry("clockbound_polls_total{result=\"no_answer\"}", 1.0)
                .allSatisfy((name, value) ->
                        assertThat(name).doesNotContain("bound_seconds", "bound_component", "correction"));
        assertThat(get("/readyz").body()).isEqualTo("UNKNOWN: it is gone\n");
    }

    /** A record that was trusted at the last poll is not for ever. */
    @Test
    void trustThatEndedSinceTheLastPollIsNotExported() throws Exception {
        tracker.poll();
        clock.advance(Duration.ofSeconds(60));
        assertThat(samples())
                .containsEntry("clockbound_status{status=\"UNKNOWN\"}", 1.0)
                .doesNotContainKey(BOUND);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/healthz").body()).isEqualTo("the last poll ended 60 s ago, expected within 5 s\n");
    }

    @Test
    void theSourcesAndHowLongPollsTakeAreExported() throws Exception {
        sources = new SourceList(
                List.of(
                        new SourceState(ReferenceId.NONE, "a", SourceState.Role.FOLLOWED, 2, 0377, Optional.empty()),
                        new SourceState(ReferenceId.NONE, "b", SourceState.Role.UNUSABLE, 0, 0, Optional.empty())),
                0,
                clock.monotonicNanos());
        source.duringPoll(() -> clock.advance(Duration.ofMillis(3)));
        tracker.poll();
        assertThat(samples())
                .containsEntry("clockbound_stratum", 3.0)
                .containsEntry("clockbound_sources{state=\"heard\"}", 1.0)
                .containsEntry("clockbound_sources{state=\"silent\"}", 1.0)
                .containsEntry("clockbound_poll_duration_seconds_count", 1.0)
                .containsEntry("clockbound_poll_duration_seconds_sum", 0.003)
                .doesNotContainKey("clockbound_reference_error_failure_timestamp_seconds");
    }

    @Test
    void whatTheTimeSourceToldOfItsSourcesBeforeItFellSilentIsNotExported() throws Exception {
        sources = new SourceList(
                List.of(new SourceState(ReferenceId.NONE, "a", SourceState.Role.FOLLOWED, 2, 0377, Optional.empty())),
                0,
                clock.monotonicNanos());
        clock.advance(Duration.ofMinutes(3));
        tracker.poll();
        assertThat(samples())
                .doesNotContainKey("clockbound_stratum")
                .doesNotContainKey("clockbound_sources{state=\"heard\"}");
    }

    @Test
    void aForcedDisruptionIsCountedOnceHoweverOftenItIsPolled() throws Exception {
        tracker.poll();
        tracker.beginDisruption();
        for (int i = 0; i < 5; i++) {
            tracker.poll();
        }
        assertThat(samples()).containsEntry("clockbound_disruptions_total", 1.0);
    }

    @Test
    void aStepIsCountedAndTheTimeInEachStatusIsToo() throws Exception {
        tracker.poll();
        clock.advance(Duration.ofSeconds(3));
        clock.stepWall(Duration.ofSeconds(1));
        tracker.poll();
        clock.advance(Duration.ofSeconds(4));
        assertThat(samples())
                .containsEntry("clockbound_clock_steps_total", 1.0)
                .containsEntry("clockbound_disruptions_total", 1.0)
                .containsEntry("clockbound_status_transitions_total{from=\"SYNCHRONIZED\",to=\"DISRUPTED\"}", 1.0)
                .containsEntry("clockbound_status_seconds_total{status=\"SYNCHRONIZED\"}", 3.0)
                .containsEntry("clockbound_status_seconds_total{status=\"DISRUPTED\"}", 4.0);
    }

    @Test
    void aTimeInWhichNobodyPolledIsNotTrustedFromTheEndOfTheLastBoundOn() throws Exception {
        tracker.poll();
        clock.advance(Duration.ofSeconds(24));
        tracker.poll();
        clock.advance(Duration.ofSeconds(2));
        assertThat(samples())
                .containsEntry("clockbound_status_transitions_total{from=\"SYNCHRONIZED\",to=\"UNKNOWN\"}", 1.0)
                .containsEntry("clockbound_status_seconds_total{status=\"SYNCHRONIZED\"}", 7.1)
                .containsEntry("clockbound_status_seconds_total{status=\"UNKNOWN\"}", 18.9);
    }

    @Test
    void requestsAreCountedByTransportTypeAndResult() throws Exception {
        servers.put(
                "datagram", new Counting(Map.of("requests", Map.of("now", Map.of("answered", 7L)), "renewals", 1L)));
        servers.put("stream", new Counting(Map.of("requests", Map.of(), "turned_away", 2L)));
        assertThat(samples())
                .containsEntry(
                        "clockbound_requests_total{result=\"answered\",transport=\"datagram\",type=\"now\"}", 7.0)
                .containsEntry("clockbound_socket_renewals_total{transport=\"datagram\"}", 1.0)
                .containsEntry("clockbound_connections_refused_total{transport=\"stream\"}", 2.0);
    }

    @Test
    void openMetricsAndTheTextFormatAreBothServed() throws Exception {
        tracker.poll();
        HttpRequest request = HttpRequest.newBuilder(uri("/metrics"))
                .header("Accept", "application/openmetrics-text; version=1.0.0")
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(response.body()).endsWith("# EOF\n");
    }

    /** A server that has counted something. */
    private record Counting(Map<String, Object> counts) implements TransportServer {

        @Override
        public String address() {
            return "nowhere";
        }

        @Override
        public void close() {}
    }
}
