/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.EmbeddedClock;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.daemon.metrics.MetricsServer;
import io.clockbound.transport.Reports;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A clock that this process keeps, and the servers that make it available to other processes. */
@Singleton
public final class Daemon implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final DaemonConfig config;
    private final Servers servers;
    private final StatusReport report;
    private final History history;
    private final PollLog log;
    private final SystemdNotifier systemd;
    private final LocalClock local;
    private final EmbeddedClock clock;
    private Optional<MetricsServer> metrics = Optional.empty();

    @Inject
    Daemon(
            DaemonConfig config,
            LocalClock local,
            Servers servers,
            StatusReport report,
            History history,
            PollLog log,
            SystemdNotifier systemd) {
        this.config = config;
        this.servers = servers;
        this.report = report;
        this.history = history;
        this.log = log;
        this.systemd = systemd;
        this.local = local;
        this.clock = new EmbeddedClock(
                local, config.source(), config.providers(), config.bound(), this::publish, config.vmClock());
    }

    /**
     * Begins to serve, then to poll: a request that arrives before the first poll gets the response that the clock is not
     * synchronised.
     *
     * @throws IOException when a required transport cannot be served; {@link #close} undoes the rest
     */
    public void start() throws IOException {
        servers.start(config, clock, new OwnReports());
        metrics = config.metricsAddress().flatMap(this::startMetrics);
        clock.start();
        systemd.ready();
    }

    /** A port that is in use costs the metrics, and must not cost the clock. */
    private Optional<MetricsServer> startMetrics(InetSocketAddress address) {
        try {
            MetricsServer server = MetricsServer.start(
                    address, config.bound(), local, clock::read, clock::sources, servers::byTransport);
            LOG.info("Serving metrics at {}", server.address());
            return Optional.of(server);
        } catch (IOException e) {
            LOG.warn("Not serving metrics: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Hands on a poll's outcome: to the segments first, because their readers wait for nothing else; to the log last. */
    private void publish(PollOutcome poll) {
        servers.publish(poll);
        history.note(poll);
        report.note(poll);
        metrics.ifPresent(server -> server.note(poll));
        systemd.note(poll);
        log.note(poll);
    }

    /** What this daemon tells of itself. */
    private final class OwnReports implements Reports {

        @Override
        public String status() {
            return report.json(clock::read, clock.sources());
        }

        @Override
        public String history(long sinceEpochNanos) {
            return HistoryReport.json(history, sinceEpochNanos, local, clock.sources());
        }
    }

    /** Returns the clock that is served. */
    public EmbeddedClock clock() {
        return clock;
    }

    @Override
    public void close() {
        systemd.stopping();
        servers.close();
        clock.close();
        metrics.ifPresent(MetricsServer::close);
    }
}
