/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.transport.Transport;
import io.clockbound.transport.TransportServer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The servers of the transports: starts them, publishes to them and closes them. Thread-safe. */
@Singleton
final class Servers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

    private final LocalClock local;
    private final Warnings warnings;
    private final CopyOnWriteArrayList<Served> running = new CopyOnWriteArrayList<>();

    @Inject
    Servers(LocalClock local, Warnings warnings) {
        this.local = local;
        this.warnings = warnings;
    }

    /**
     * A transport that is served.
     *
     * @param transport its name
     */
    record Served(String transport, TransportServer server) {}

    /**
     * Starts the transports of a configuration, in its order.
     *
     * @param reports what the daemon tells of itself
     * @throws IOException when a required transport cannot be served; {@link #close} ends those that started before it
     */
    void start(DaemonConfig config, BoundedClock clock, Transport.Reports reports) throws IOException {
        for (Transport transport : config.transports()) {
            String name = transport.name();
            try {
                TransportServer server =
                        transport.serve(clock, reports, local, failure -> warn(name, "Transport {}: {}", failure));
                add(name, server);
                LOG.atInfo()
                        .addKeyValue("event", "serving")
                        .addKeyValue("transport", name)
                        .addKeyValue("address", server.address())
                        .log("Serving {} at {}", name, server.address());
            } catch (IOException e) {
                if (config.isEachTransportNeeded() || running.isEmpty()) {
                    throw e;
                }
                warn(name, "Not serving {}: {}", e);
                warnings.hold("transport " + name, "Not serving " + name + ": " + e.getMessage());
            }
        }
    }

    private static void warn(String transport, String message, IOException failure) {
        LOG.atWarn()
                .addKeyValue("event", "transport_failure")
                .addKeyValue("transport", transport)
                .addKeyValue("reason", failure.getMessage())
                .log(message, transport, failure.getMessage());
    }

    void add(String transport, TransportServer server) {
        running.add(new Served(transport, server));
    }

    /** Publishes the outcome of a poll to readers that send no request. */
    void publish(PollOutcome poll) {
        running.forEach(served -> served.server().publish(poll));
    }

    /** Returns what is served now, in the order of the start. */
    List<Served> running() {
        return List.copyOf(running);
    }

    /** Returns the servers by the names of their transports. */
    Map<String, TransportServer> byTransport() {
        Map<String, TransportServer> servers = new LinkedHashMap<>();
        running.forEach(served -> servers.put(served.transport(), served.server()));
        return servers;
    }

    /** Ends them, the last that started first. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.remove(running.size() - 1).server().close();
        }
    }
}
