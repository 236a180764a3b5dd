/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatagramServerSocketTest {

    private static final int SEND_BUFFER_BYTES = 212_992;

    @TempDir
    private Path directory;

    @Test
    void closesAllItsDescriptors() throws IOException {
        openAndClose("warm-up");
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            openAndClose("socket" + i);
        }
        assertThat(descriptors()).isLessThan(before + 20);
    }

    private void openAndClose(String name) throws IOException {
        try (DatagramServerSocket socket = NativeSockets.chosen().bind(directory.resolve(name), SEND_BUFFER_BYTES)) {
            assertThat(socket.hasRequest()).isFalse();
            assertThat(socket.isWritable()).isTrue();
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
