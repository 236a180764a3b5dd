/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.BoundedClock;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Path;

/** Reads the segment of the daemon on its host, whose file is the address. */
public class SharedMemoryReading extends ClockReading {

    @Override
    BoundedClock clockAt(String address) throws IOException {
        return ClockBoundClients.sharedMemory(Path.of(address));
    }
}
