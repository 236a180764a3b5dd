/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

class DatagramClockContractTest extends ServedClockContract {

    @Override
    Transport transport(Path directory) {
        return new DatagramTransport().with(Map.of("run-dir", directory.toString()));
    }

    @Override
    BoundedClock open(Path directory, LocalClock machine) throws IOException {
        SocketEndpoint endpoint =
                new SocketEndpoint(SocketEndpoint.Kind.DATAGRAM, directory.resolve(DatagramTransport.SOCKET));
        return SocketClock.open(endpoint, endpoint.toString(), Duration.ofMinutes(1), machine);
    }
}
