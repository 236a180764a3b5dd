/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.testing.SimulatedClock;
import io.clockbound.transport.TransportServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServersTest {

    private final Servers servers = new Servers(new SimulatedClock(Instant.EPOCH), new Warnings(List.of()));
    private final List<String> closed = new ArrayList<>();

    @Test
    void theLastServerThatStartedIsClosedFirstAndEachIsClosedOnce() {
        servers.add("datagram", new Recorded("datagram"));
        servers.add("stream", new Recorded("stream"));
        servers.close();
        servers.close();
        assertThat(closed).containsExactly("stream", "datagram");
        assertThat(servers.running()).isEmpty();
    }

    private final class Recorded implements TransportServer {

        private final String name;

        Recorded(String name) {
            this.name = name;
        }

        @Override
        public String address() {
            return name;
        }

        @Override
        public void close() {
            closed.add(name);
        }
    }
}
