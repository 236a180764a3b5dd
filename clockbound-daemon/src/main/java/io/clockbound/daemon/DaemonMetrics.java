/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.EmbeddedClock;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.daemon.metrics.MetricsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of a daemon. Without an address for them nothing of their package is loaded, as {@link Daemon} does not name it.
 *
 * <p>Their classes take a quarter of a second to load, so the clock starts first, and what its polls find until then is counted
 * with the first poll after that.
 */
final class DaemonMetrics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final DaemonConfig config;
    private final Warnings warnings;
    private final List<PollOutcome> early = new ArrayList<>(); // of the polling thread
    private volatile boolean isAwaited;
    private volatile @Nullable MetricsServer server;

    DaemonMetrics(DaemonConfig config, Warnings warnings) {
        this.config = config;
        this.warnings = warnings;
        this.isAwaited = config.metricsAddress().isPresent();
    }

    /** Starts to serve them where that is configured. A port that is in use costs the metrics, and must not cost the clock. */
    void start(LocalClock local, EmbeddedClock clock, Servers servers) {
        if (config.metricsAddress().isEmpty()) {
            return;
        }
        InetSocketAddress address = config.metricsAddress().get();
        try {
            MetricsServer started = MetricsServer.start(
                    address, config.bound(), local, clock::read, clock::sources, servers::byTransport);
            server = started;
            clock.pollNow(); // which notes what is published, however long the interval is
            LOG.info("Serving metrics at {}", started.address());
        } catch (IOException e) {
            isAwaited = false;
            String warning = "Not serving metrics: " + e.getMessage();
            LOG.warn(warning);
            warnings.hold("metrics", warning);
        }
    }

    /** Takes note of what was just published; called by the polling thread. */
    void note(PollOutcome poll) {
        MetricsServer served = server;
        if (served != null) {
            early.forEach(served::note);
            early.clear();
            served.note(poll);
        } else if (isAwaited) {
            early.add(poll);
        } else {
            early.clear();
        }
    }

    @Override
    public void close() {
        MetricsServer served = server;
        if (served != null) {
            served.close();
        }
    }
}
