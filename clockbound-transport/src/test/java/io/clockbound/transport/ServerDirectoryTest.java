/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
                .hasMessage("cannot lock " + pid + " (" + pid
                        + ": Is a directory): fix the cause, or choose another directory with --run-dir");
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> ServerDirectory.hold(file, "datagram"))
                .hasMessage("--run-dir " + file + " is no directory: remove it, or choose another");
        assertThatThrownBy(() -> ServerDirectory.hold(file.resolve("below"), "datagram"))
                .hasMessage("cannot create the directory " + file + "/below (" + file
                        + "/below: Not a directory): create it"
                        + " for the user of this process, or choose another with --run-dir");
    }

    @Test
    void aCheckCreatesWhatAStartWouldAndLeavesNothingBehind() throws IOException {
        Path missing = directory.resolve("missing/below");
        assertThat(ServerDirectory.problem(directory, "shm-dir", Map.of("shm", 72)))
                .isEmpty();
        assertThat(ServerDirectory.problem(missing, "shm-dir", Map.of("shm", 72)))
                .isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aCheckFindsThatALinkLeadsNowhere() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));
        assertThat(ServerDirectory.problem(link, "shm-dir", Map.of()))
                .hasValue("shm-dir " + link + ": " + link + " is not a directory");
    }

    @Test
    void aCheckFindsADirectoryInWhichNotEvenRootCanCreateFiles() {
        assertThat(ServerDirectory.problem(Path.of("/proc/clockbound"), "shm-dir", Map.of())
                        .orElseThrow())
                .contains("/proc/clockbound", "shm-dir")
                .doesNotContain("clockboundd-check");
    }
}
