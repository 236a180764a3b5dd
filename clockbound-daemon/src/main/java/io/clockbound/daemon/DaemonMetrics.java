/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.EmbeddedClock;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.daemon.metrics.MetricsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metrics of a daemon. Without an address for them nothing of their package is loaded, as {@link Daemon} does not name it. */
final class DaemonMetrics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final Warnings warnings;
    private @Nullable MetricsServer server;

    DaemonMetrics(Warnings warnings) {
        this.warnings = warnings;
    }

    /** Starts to serve them where that is configured. A port that is in use costs the metrics, and must not cost the clock. */
    void start(DaemonConfig config, LocalClock local, EmbeddedClock clock, Servers servers) {
        if (config.metricsAddress().isEmpty()) {
            return;
        }
        InetSocketAddress address = config.metricsAddress().get();
        try {
            MetricsServer started = MetricsServer.start(
                    address, config.bound(), local, clock::read, clock::sources, servers::byTransport);
            server = started;
            LOG.info("Serving metrics at {}", started.address());
        } catch (IOException e) {
            String warning = "Not serving metrics: " + e.getMessage();
            LOG.warn(warning);
            warnings.hold("metrics", warning);
        }
    }

    /** Takes note of what was just published; called by the polling thread. */
    void note(PollOutcome poll) {
        if (server != null) {
            server.note(poll);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
