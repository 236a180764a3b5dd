/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

class SegmentClockContractTest extends ServedClockContract {

    @Override
    Transport transport(Path directory) {
        return new ShmTransport().with(Map.of("shm-dir", directory.toString()));
    }

    @Override
    BoundedClock open(Path directory, LocalClock machine) throws IOException {
        return SegmentClock.open(directory.resolve(SegmentLayout.V2.fileName()), "", machine);
    }
}
