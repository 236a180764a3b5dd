/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.transport.testing.TransportContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

class DatagramContractTest extends TransportContract {

    @Override
    protected Transport transport(Path directory) {
        return new DatagramTransport().with(Map.of("run-dir", directory.toString()));
    }

    @Override
    protected BoundedClock client(Path directory) throws IOException {
        return ClockBoundClients.datagram(directory.resolve(DatagramTransport.SOCKET), Duration.ofMinutes(1));
    }
}
