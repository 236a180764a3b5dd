/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.EmbeddedClock;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.transport.Transport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;

/** A clock that this process keeps, and the servers that make it available to other processes. */
@Singleton
public final class Daemon implements AutoCloseable {

    private final DaemonConfig config;
    private final Servers servers;
    private final StatusReport report;
    private final History history;
    private final PollLog log;
    private final SystemdNotifier systemd;
    private final LocalClock local;
    private final EmbeddedClock clock;
    private volatile boolean isClosing;
    private final Warnings warnings;
    private final DaemonMetrics metrics;

    @Inject
    Daemon(
            DaemonConfig config,
            LocalClock local,
            Servers servers,
            StatusReport report,
            History history,
            PollLog log,
            SystemdNotifier systemd,
            Warnings warnings) {
        this.config = config;
        this.servers = servers;
        this.report = report;
        this.history = history;
        this.log = log;
        this.systemd = systemd;
        this.local = local;
        this.warnings = warnings;
        this.metrics = new DaemonMetrics(config, warnings);
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
        clock.start();
        metrics.start(local, clock, servers);
        systemd.ready();
    }

    /** Hands on a poll's outcome: to the segments first, because their readers wait for nothing else; to the log last. */
    private void publish(PollOutcome poll) {
        servers.publish(poll);
        if (isClosing) {
            return; // the poll was interrupted by the end, which is no fault of the time source
        }
        history.note(poll);
        report.note(poll);
        metrics.note(poll);
        systemd.note(poll);
        log.note(poll);
    }

    /** What this daemon tells of itself. */
    private final class OwnReports implements Transport.Reports {

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

    /** Returns the warnings of its status report. */
    Warnings warnings() {
        return warnings;
    }

    @Override
    public void close() {
        isClosing = true;
        systemd.stopping();
        servers.close();
        clock.close();
        metrics.close();
    }
}
