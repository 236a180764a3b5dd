/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void aFailureToLockIsReportedWithTheRemedy() throws IOException {
        Path pid = Files.createDirectory(directory.toRealPath().resolve("clockboundd.pid"));
        assertThatThrownBy(() -> ServerDirectory.hold(directory, "datagram"))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot lock " + pid + " (java.nio.file.FileSystemException: " + pid
                        + ": Is a directory): fix the cause, or choose another directory with --run-dir");
    }
}
