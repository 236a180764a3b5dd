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
import io.clockbound.daemon.config.MetricsAddress;
import io.clockbound.transport.TransportServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the metrics and the health of the daemon over HTTP: {@code /metrics}, {@code /healthz} and {@code /readyz}.
 *
 * <p>A request reads what the polling thread has published and never waits for it. Two threads serve all requests, and the
 * number of connections, their time and their size are limited, so that no scraper can take descriptors, memory or threads
 * from the clients of the clock.
 */
public final class MetricsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);

    private static final int MAX_CONNECTIONS = 32;
    private static final int MAX_SECONDS_PER_REQUEST = 5;
    private static final int MAX_HEADER_BYTES = 16_384;
    private static final int THREADS = 2;
    private static final int ASK_MILLIS = 1_000;

    /** By this such a server is known. */
    private static final String NOT_FOUND = "not found: there are /metrics, /healthz and /readyz";

    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final MetricsThreads threads;
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
        MetricsThreads threads = new MetricsThreads(local);
        threads.captureLog();
        HttpServer server;
        try {
            server = threads.call(() -> HttpServer.create(address, MAX_CONNECTIONS));
        } catch (IOException e) {
            throw new IOException(cannotBind(address, e), e);
        }
        MetricsServer metrics = new MetricsServer(
                server, threads, new Metrics(local, clock, sources, servers), new Health(settings, local, clock));
        threads.call(() -> {
            server.start();
            return server;
        });
        return metrics;
    }

    /**
     * Returns why a start could not bind an address, which this tries for a moment; empty when it could, or when the daemon serves
     * there that a restart will replace.
     */
    public static Optional<String> problem(InetSocketAddress address) {
        try (ServerSocket trial = new ServerSocket()) {
            trial.setReuseAddress(true);
            trial.bind(address, 1);
            return Optional.empty();
        } catch (IOException e) {
            return isServedByClockBound(address) ? Optional.empty() : Optional.of(cannotBind(address, e));
        }
    }

    private static String cannotBind(InetSocketAddress address, IOException e) {
        return "metrics-address " + MetricsAddress.text(address) + " cannot be bound (" + e.getMessage()
                + "): choose a free port and an address of this machine";
    }

    private static boolean isServedByClockBound(InetSocketAddress address) {
        InetAddress asked =
                address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(asked, address.getPort()), ASK_MILLIS);
            socket.setSoTimeout(ASK_MILLIS);
            try {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] response = socket.getInputStream().readNBytes(MAX_HEADER_BYTES);
                return new String(response, StandardCharsets.UTF_8).contains(NOT_FOUND);
            } catch (IOException e) {
                return false; // it serves something, and no HTTP
            }
        } catch (IOException e) {
            return false; // nobody does
        }
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

    private MetricsServer(HttpServer server, MetricsThreads threads, Metrics metrics, Health health) {
        this.server = server;
        this.threads = threads;
        this.metrics = metrics;
        this.health = health;
        PrometheusRegistry registry = new PrometheusRegistry();
        metrics.register(registry);
        this.scrapes = new MetricsHandler(registry);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads::worker);
        pool.allowCoreThreadTimeOut(true);
        this.executor = pool;
        server.createContext("/", this::handle);
        server.setExecutor(executor);
    }

    /** Returns where it is served, for people to read. */
    public String address() {
        return "http://" + MetricsAddress.text(server.getAddress()) + "/metrics";
    }

    /** Takes note of what was just published; called by the polling thread. */
    public void note(PollOutcome outcome) {
        metrics.note(outcome);
        health.note(outcome);
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            answer(exchange);
        } catch (IOException e) {
            LOG.debug(
                    "A client of the metrics is gone: {}",
                    e.getMessage()); // it hears of it, and nobody can mend it here
        } catch (RuntimeException | Error fault) {
            // none of them is worth more than the clock, and the default handler would end the daemon
            threads.report("A request for metrics or health failed by a fault of the program", fault);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = String.valueOf(exchange.getRequestURI().getPath());
        boolean isRead = exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD");
        if (!isRead) {
            respond(exchange, new Health.Verdict(405, "only GET and HEAD are served"));
        } else if (path.equals("/metrics")) {
            scrapes.handle(exchange);
        } else if (path.equals("/healthz")) {
            respond(exchange, health.liveness());
        } else if (path.equals("/readyz")) {
            respond(exchange, health.readiness(exchange.getRequestURI().getRawQuery()));
        } else {
            respond(exchange, new Health.Verdict(404, NOT_FOUND));
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
