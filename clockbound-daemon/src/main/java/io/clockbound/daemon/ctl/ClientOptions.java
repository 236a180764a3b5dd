/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.daemon.Json;
import io.clockbound.daemon.config.DirectoryOptions;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The daemon that a command asks. */
final class ClientOptions {

    @Mixin
    private final DirectoryOptions directories = new DirectoryOptions();

    @ArgGroup
    @Nullable
    private OnlyWay only;

    /**
     * Connects to the daemon.
     *
     * @throws IOException when there is none; the message says what was tried and how to remedy it
     */
    BoundedClock connect() throws IOException {
        if (only == null) {
            return ClockBoundClients.connect(directories.run(), directories.shm());
        }
        return only.segment != null
                ? ClockBoundClients.sharedMemory(only.segment)
                : connect(Objects.requireNonNull(only.socket));
    }

    /** Returns why the clock is not trusted, as the daemon that serves the directory says, behind a colon; else nothing. */
    String reason() {
        try {
            return Json.read(ClockBoundClients.status(directories.run())).get("last_poll") instanceof Map<?, ?> poll
                    ? ": " + poll.get("detail")
                    : "";
        } catch (IOException e) {
            return ""; // the reading came another way, or the daemon is gone
        }
    }

    /** Connects to a socket whose kind its name does not tell. */
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

    /** The only way to ask; picocli refuses two. */
    private static final class OnlyWay {

        @Option(names = "--socket", paramLabel = "PATH", description = "Use only this socket of the daemon.")
        @Nullable
        private Path socket;

        @Option(names = "--shm", paramLabel = "PATH", description = "Use only this segment of shared memory.")
        @Nullable
        private Path segment;
    }
}
