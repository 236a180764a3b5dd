/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import io.clockbound.transport.ClockBoundClients;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the daemon and its clients meet. */
public final class DirectoryOptions {

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "Directory of the daemon's sockets. Default: ${DEFAULT-VALUE}.")
    private Path runDirectory = ClockBoundClients.RUN_DIRECTORY;

    @Option(
            names = "--shm-dir",
            paramLabel = "DIR",
            description = "Directory of the shared-memory segments, shm and shm0. Default: ${DEFAULT-VALUE}.")
    private Path shmDirectory = ClockBoundClients.SHM_DIRECTORY;

    /** Returns the directory of the sockets. */
    public Path run() {
        return runDirectory;
    }

    /** Returns the directory of the segments. */
    public Path shm() {
        return shmDirectory;
    }
}
