/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket that is connected to chronyd.
 *
 * @param channel the socket
 * @param ownFile the file to which chronyd sends its replies; none over UDP
 */
record Connection(DatagramChannel channel, @Nullable Path ownFile) implements Closeable {

    @Override
    public void close() throws IOException {
        try (channel) {
            if (ownFile != null) {
                Files.deleteIfExists(ownFile);
            }
        }
    }
}
