/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which daemon a command asks. */
final class ClientOptions {

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            defaultValue = "/run/clockboundd",
            description = "Where the daemon's sockets are. Default: ${DEFAULT-VALUE}.")
    private Path runDirectory = Path.of("/run/clockboundd");

    @Option(
            names = "--shm-dir",
            paramLabel = "DIR",
            defaultValue = "/run/clockbound",
            description = "Where the daemon's shared memory is. Default: ${DEFAULT-VALUE}.")
    private Path shmDirectory = Path.of("/run/clockbound");

    @ArgGroup
    @Nullable
    private OnlyWay only;

    /**
     * Connects to the daemon.
     *
     * @throws IOException when there is none; it says what was tried, and what to do
     */
    BoundedClock connect() throws IOException {
        if (only == null) {
            return ClockBoundClients.connect(runDirectory, shmDirectory);
        }
        return only.segment != null
                ? ClockBoundClients.sharedMemory(only.segment)
                : connect(Objects.requireNonNull(only.socket));
    }

    /** Connects to a socket of either kind: its name does not tell which. */
    private static BoundedClock connect(Path socket) throws IOException {
        try {
            return ClockBoundClients.stream(socket);
        } catch (IOException notStream) {
            try {
                return ClockBoundClients.datagram(socket);
            } catch (IOException notDatagram) {
                notDatagram.addSuppressed(notStream);
                throw notDatagram;
            }
        }
    }

    /** The one way to ask; picocli sees to it that there are not two. */
    private static final class OnlyWay {

        @Option(
                names = "--socket",
                paramLabel = "PATH",
                description = "Ask this socket of the daemon and nothing else.")
        @Nullable
        private Path socket;

        @Option(
                names = "--shm",
                paramLabel = "PATH",
                description = "Read this segment of shared memory and nothing else.")
        @Nullable
        private Path segment;
    }
}
