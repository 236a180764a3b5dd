/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.clockbound.BoundSettings;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.SourceList;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.SourceState;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import io.clockbound.transport.TransportServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {

    private static final String BOUND = "clockbound_error_bound_seconds";
    private static final String TERM = "clockbound_error_bound_component_seconds{";

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource();
    private final Map<String, TransportServer> servers = new LinkedHashMap<>();
    private SourceList sources = new SourceList(List.of(), 0, 0);
    private final HttpClient http = HttpClient.newHttpClient();

    private MetricsServer server;
    private ErrorBoundTracker tracker;

    private volatile @Nullable Error broken;

    private Map<String, TransportServer> servers() {
        Error fault = broken;
        if (fault != null) {
            throw fault;
        }
        return servers;
    }

    @BeforeEach
    void serve() throws IOException {
        server = MetricsServer.start(
                loopback(0), BoundSettings.DEFAULTS, clock, bound -> bound.read(clock), () -> sources, this::servers);
        tracker = new ErrorBoundTracker(clock, source, List.of(), BoundSettings.DEFAULTS, server::note, null);
    }

    @AfterEach
    void close() {
        server.close();
    }

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

    @Test
    void pollsAndScrapesKeepNoThreadOfTheLibraryBusy() throws Exception {
        for (int i = 0; i < 3; i++) {
            tracker.poll();
            clock.advance(Duration.ofMillis(100));
            samples();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .isNotEmpty()
                .noneMatch(name -> name.startsWith("prometheus"));
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
                0);
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
    void aForcedDisruptionIsCountedOnceHoweverOftenItIsPolled() throws Exception {
        tracker.poll();
        tracker.beginDisruption();
        for (int i = 0; i < 5; i++) {
            tracker.poll();
        }
        assertThat(samples()).containsEntry("clockbound_disruptions_total", 1.0);
    }

    @Test
    void anErrorInARequestCostsThatRequestAndNeitherTheServerNorTheDaemon() throws Exception {
        tracker.poll();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> uncaught.add(fault));
        try {
            Error fault = new StackOverflowError("of a collector");
            fault.setStackTrace(new StackTraceElement[0]); // the log of the tests is for people
            broken = fault;
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(this::samples).isInstanceOf(IOException.class);
                assertThat(get("/readyz").statusCode()).isEqualTo(200);
            }
            broken = null;
            assertThat(samples()).containsKey(BOUND);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void theThreadsOfTheServerDieWithoutTheDaemon() throws Exception {
        List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("HTTP-Dispatcher|idle-timeout-task|clockbound-metrics"))
                .toList();
        assertThat(threads)
                .isNotEmpty()
                // one that has ended, of a server before this one, has none any more
                .allMatch(
                        thread -> thread.getUncaughtExceptionHandler() instanceof MetricsThreads || !thread.isAlive());
    }

    @Test
    void aLongQueryIsNotSentBack() throws Exception {
        HttpResponse<String> response = get("/readyz?max-bound=" + "9".repeat(8_000) + "h");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("8011 characters").hasSizeLessThan(200);
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
    void readinessMayDependOnTheWidthOfTheBound() throws Exception {
        tracker.poll();
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz?max-bound=1s").body()).startsWith("SYNCHRONIZED: error bound ");
        assertThat(get("/readyz?max-bound=1ns").statusCode()).isEqualTo(503);
        assertThat(get("/readyz?max-bound=1ns").body()).contains("is wider than 1 ns");
        assertThat(get("/readyz?max-bound=1").statusCode()).isEqualTo(400);
        assertThat(get("/readyz?max-bound=1").body()).contains("'1'", "a number and a unit", "/readyz?max-bound=1ms");
        assertThat(get("/readyz?maxbound=1ms").statusCode()).isEqualTo(400);
    }

    @Test
    void anythingElseIsNotFoundAndOnlyReadingIsAllowed() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metricsx").body()).contains("/metrics, /healthz and /readyz");
        HttpRequest post = HttpRequest.newBuilder(uri("/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertThat(http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
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

    /** A scraper that holds more connections than there may be is cut off; others are served again soon. */
    @Test
    void connectionsThatSayNothingAreCutOff() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
                socket.setSoTimeout(60_000);
                silent.add(socket);
            }
            for (Socket socket : silent) {
                assertThat(isCutOff(socket)).isTrue();
            }
            assertThat(get("/healthz").statusCode()).isEqualTo(503);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aPathOfAMegabyteAndGarbageEndTheirConnectionAndNothingElse() throws Exception {
        for (String request : List.of("GET /" + "a".repeat(1 << 20) + " HTTP/1.1\r\n\r\n", "\0\1\2\3\r\n\r\n")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
                socket.setSoTimeout(60_000);
                try {
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    // it was cut off before all of it was sent
                }
                assertThat(isCutOff(socket)).isTrue();
            }
        }
        assertThat(get("/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void aPortInUseIsNamedWithTheRemedy() throws IOException {
        try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> MetricsServer.start(
                            loopback(used.getLocalPort()),
                            BoundSettings.DEFAULTS,
                            clock,
                            bound -> bound.read(clock),
                            () -> sources,
                            () -> servers))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(":" + used.getLocalPort() + " cannot be bound")
                    .hasMessageContaining("choose a free port");
        }
    }

    /** Reads until the server ends the connection, by whatever response. */
    private static boolean isCutOff(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // a response, such as 400
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }

    private Map<String, Double> samples() throws Exception {
        Map<String, Double> samples = new LinkedHashMap<>();
        get("/metrics").body().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        });
        return samples;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    private int port() {
        return URI.create(server.address()).getPort();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
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
