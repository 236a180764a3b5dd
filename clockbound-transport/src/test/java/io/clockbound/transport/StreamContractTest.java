/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.transport.testing.TransportContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

class StreamContractTest extends TransportContract {

    @Override
    protected Transport transport(Path directory) {
        return new StreamTransport().with(Map.of("run-dir", directory.toString()));
    }

    @Override
    protected BoundedClock client(Path directory) throws IOException {
        return ClockBoundClients.stream(directory.resolve(StreamTransport.SOCKET), Duration.ofMinutes(1));
    }
}
