/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.spi.TimeSource;
import io.clockbound.testing.TimeSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class ReceiverTimeSourceTest extends TimeSourceContract {

    @TempDir
    private Path directory;

    @Override
    protected TimeSource replying() throws IOException {
        Files.writeString(
                directory.resolve("measurement"),
                "count=1\nclock_ahead_ns=250\nerror_ns=100\nmonotonic_ns=" + System.nanoTime() + "\n");
        return silent();
    }

    @Override
    protected TimeSource silent() {
        return new ReceiverTimeSource()
                .with(Map.of("file", directory.resolve("measurement").toString()));
    }
}
