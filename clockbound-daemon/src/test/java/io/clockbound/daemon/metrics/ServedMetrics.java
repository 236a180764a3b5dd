/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import io.clockbound.BoundSettings;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.SourceList;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import io.clockbound.transport.TransportServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of the metrics begin with: a server of them, and a tracker whose polls it is told. */
abstract class ServedMetrics {

    static final String BOUND = "clockbound_error_bound_seconds";

    final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-06-01T00:00:00Z"));
    final FakeTimeSource source = new FakeTimeSource();
    final Map<String, TransportServer> servers = new LinkedHashMap<>();
    SourceList sources = new SourceList(List.of(), 0, 0);
    final HttpClient http = HttpClient.newHttpClient();

    MetricsServer server;
    ErrorBoundTracker tracker;

    volatile @Nullable Error broken;

    Map<String, TransportServer> servers() {
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

    Map<String, Double> samples() throws Exception {
        Map<String, Double> samples = new LinkedHashMap<>();
        get("/metrics").body().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        });
        return samples;
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    int port() {
        return URI.create(server.address()).getPort();
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
