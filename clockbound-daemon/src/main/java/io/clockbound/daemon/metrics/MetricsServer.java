/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.clockbound.BoundSettings;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.SourceList;
import io.clockbound.transport.TransportServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Serves the metrics and the health of the daemon over HTTP: {@code /metrics}, {@code /healthz} and {@code /readyz}.
 *
 * <p>A request reads what the polling thread has published and never waits for it. Two threads serve all requests, and the
 * number of connections, their time and their size are limited, so that no scraper can take descriptors, memory or threads
 * from the clients of the clock.
 */
public final class MetricsServer implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 32;
    private static final int MAX_SECONDS_PER_REQUEST = 5;
    private static final int MAX_HEADER_BYTES = 16_384;
    private static final int THREADS = 2;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService executor;
    private final Metrics metrics;
    private final Health health;
    private final HttpHandler scrapes;

    /**
     * Binds the address and starts to serve.
     *
     * @param clock reads the clock that is served by a bound that it has published
     * @param sources returns what the time source said of its sources
     * @param servers returns the servers by the names of their transports
     * @throws IOException when the address cannot be bound; the message names it and the remedy
     */
    public static MetricsServer start(
            InetSocketAddress address,
            BoundSettings settings,
            LocalClock local,
            Function<ClockErrorBound, BoundedInstant> clock,
            Supplier<SourceList> sources,
            Supplier<Map<String, TransportServer>> servers)
            throws IOException {
        limitHttpServer();
        HttpServer server;
        try {
            server = HttpServer.create(address, MAX_CONNECTIONS);
        } catch (IOException e) {
            throw new IOException(
                    "metrics-address " + address.getHostString() + ":" + address.getPort() + " cannot be bound ("
                            + e.getMessage() + "): choose a free port and an address of this machine",
                    e);
        }
        return new MetricsServer(
                server, new Metrics(local, clock, sources, servers), new Health(settings, local, clock));
    }

    /** The JDK's server reads its limits from system properties, once, and has hardly any by default. */
    private static void limitHttpServer() {
        Map.of(
                        "jdk.httpserver.maxConnections", MAX_CONNECTIONS,
                        "sun.net.httpserver.maxReqTime", MAX_SECONDS_PER_REQUEST,
                        "sun.net.httpserver.maxRspTime", MAX_SECONDS_PER_REQUEST,
                        "sun.net.httpserver.idleInterval", MAX_SECONDS_PER_REQUEST,
                        "sun.net.httpserver.maxReqHeaderSize", MAX_HEADER_BYTES)
                .forEach((name, limit) -> System.setProperty(name, System.getProperty(name, limit.toString())));
    }

    private MetricsServer(HttpServer server, Metrics metrics, Health health) {
        this.server = server;
        this.metrics = metrics;
        this.health = health;
        PrometheusRegistry registry = new PrometheusRegistry();
        metrics.register(registry);
        this.scrapes = new MetricsHandler(registry);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), MetricsServer::thread);
        threads.allowCoreThreadTimeOut(true);
        this.executor = threads;
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "clockbound-metrics");
        thread.setDaemon(true);
        return thread;
    }

    /** Returns where it is served, for people to read. */
    public String address() {
        InetSocketAddress bound = server.getAddress();
        return "http://" + bound.getHostString() + ":" + bound.getPort() + "/metrics";
    }

    /** Takes note of what was just published; called by the polling thread. */
    public void note(PollOutcome outcome) {
        metrics.note(outcome);
        health.note(outcome);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            boolean isRead = exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD");
            if (!isRead) {
                respond(exchange, new Health.Verdict(405, "only GET and HEAD are served"));
            } else if (path.equals("/metrics")) {
                scrapes.handle(exchange);
            } else if (path.equals("/healthz")) {
                respond(exchange, health.isAlive());
            } else if (path.equals("/readyz")) {
                respond(exchange, health.isReady(exchange.getRequestURI().getRawQuery()));
            } else {
                respond(exchange, new Health.Verdict(404, "not found: there are /metrics, /healthz and /readyz"));
            }
        }
    }

    private static void respond(HttpExchange exchange, Health.Verdict verdict) throws IOException {
        byte[] body = (verdict.text() + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TEXT);
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(verdict.code(), isHead ? -1 : body.length);
        if (!isHead) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /** Stops at once; requests under way are cut off. */
    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
