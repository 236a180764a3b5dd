/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.transport.testing.TransportContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

class ShmContractTest extends TransportContract {

    @Override
    protected Transport transport(Path directory) {
        return new ShmTransport().with(Map.of("shm-dir", directory.toString()));
    }

    @Override
    protected BoundedClock client(Path directory) throws IOException {
        return ClockBoundClients.sharedMemory(directory.resolve(SegmentLayout.V2.fileName()));
    }

    @Override
    protected Set<String> filesThatStay() {
        return Set.of(SegmentLayout.V1.fileName(), SegmentLayout.V2.fileName());
    }
}
