/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

class ConnectedClockContractTest extends ServedClockContract {

    @Override
    Transport transport(Path directory) {
        return new ShmTransport().with(Map.of("shm-dir", directory.toString()));
    }

    @Override
    BoundedClock open(Path directory, LocalClock machine) throws IOException {
        return ClockBoundClients.connect(
                directory, directory, Duration.ofMinutes(1), machine, directory.resolve("vmclock0"));
    }
}
