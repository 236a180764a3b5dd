/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.EmbeddedClock;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class DaemonMetricsTest {

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource();
    private final Warnings warnings = new Warnings(List.of());

    @BeforeEach
    void quietLog() {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
    }

    @AfterEach
    void restoreLog() {
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void pollsBeforeTheMetricsAreServedAreCountedAndTheClockDoesNotWaitForThem() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (DaemonMetrics metrics = new DaemonMetrics(
                        Invocation.parse("--metrics-address=127.0.0.1:" + port).config(), warnings);
                EmbeddedClock idle = new EmbeddedClock(
                        clock, source, List.of(), BoundSettings.DEFAULTS, poll -> {}, Optional.empty())) {
            ErrorBoundTracker tracker =
                    new ErrorBoundTracker(clock, source, List.of(), BoundSettings.DEFAULTS, metrics::note);
            tracker.poll();
            metrics.start(clock, idle, new Servers(clock, warnings));
            clock.advance(Duration.ofMillis(100));
            tracker.poll();
            String scraped = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(scraped)
                    .contains("\nclockbound_polls_total{result=\"synchronized\"} 2.0\n")
                    .contains("\nclockbound_status_transitions_total{from=\"UNKNOWN\",to=\"SYNCHRONIZED\"} 1.0\n")
                    .contains("\nclockbound_error_bound_seconds ");
        }
        assertThat(warnings.all()).isEmpty();
    }
}
