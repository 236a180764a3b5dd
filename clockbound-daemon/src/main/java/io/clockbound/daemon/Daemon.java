/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.EmbeddedClock;
import io.clockbound.LocalClock;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.transport.Transport;
import io.clockbound.transport.TransportServer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A clock that this process keeps, and the transports that serve it to others. */
@Singleton
public final class Daemon implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final EmbeddedClock clock;
    private final LocalClock local;
    private final DaemonConfig config;
    private final StatusReport report;
    private final SystemdNotifier manager;
    private final Deque<TransportServer> servers = new ArrayDeque<>();

    @Inject
    Daemon(EmbeddedClock clock, LocalClock local, DaemonConfig config, StatusReport report, SystemdNotifier manager) {
        this.clock = clock;
        this.local = local;
        this.config = config;
        this.report = report;
        this.manager = manager;
    }

    /**
     * Begins to serve, then to poll: whoever asks before the first poll hears that the clock is not synchronised.
     *
     * @throws IOException when a transport that is needed can't serve; {@link #close} undoes what was done before
     */
    public void start() throws IOException {
        for (Transport transport : config.transports()) {
            try {
                start(transport);
            } catch (IOException e) {
                if (config.isEachTransportNeeded() || servers.isEmpty()) {
                    throw e;
                }
                LOG.warn("Not serving {}: {}", transport.name(), e.getMessage());
            }
        }
        clock.start();
        manager.ready();
    }

    private void start(Transport transport) throws IOException {
        TransportServer server = transport.serve(
                clock, report, local, failure -> LOG.warn("Transport {}: {}", transport.name(), failure.getMessage()));
        servers.push(server);
        report.add(transport.name(), server);
        LOG.info("Serving {} at {}", transport.name(), server.address());
    }

    /** Returns the clock that is served. */
    public EmbeddedClock clock() {
        return clock;
    }

    @Override
    public void close() {
        manager.stopping();
        while (!servers.isEmpty()) {
            servers.pop().close();
        }
        clock.close();
    }
}
