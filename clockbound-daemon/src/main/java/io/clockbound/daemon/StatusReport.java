/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.Poll;
import io.clockbound.transport.TransportServer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the daemon says of itself, and the servers that are told of every poll. Thread-safe. */
@Singleton
final class StatusReport implements Consumer<Poll>, Supplier<String> {

    private final Map<String, TransportServer> servers = new ConcurrentSkipListMap<>();

    @Inject
    StatusReport() {}

    /** Takes in a server under the name of its transport. */
    void add(String transport, TransportServer server) {
        servers.put(transport, server);
    }

    @Override
    public void accept(Poll poll) {
        servers.values().forEach(server -> server.publish(poll));
    }

    @Override
    public String get() {
        return "{}";
    }
}
