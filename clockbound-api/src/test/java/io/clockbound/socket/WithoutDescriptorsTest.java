/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream server socket in a process that may open no more files. */
class WithoutDescriptorsTest {

    private static final int BACKLOG = 300;
    private static final long LONG_MILLIS = 50_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = NativeChoice.class,
            names = {"ffm", "junixsocket"})
    void withoutADescriptorAClientIsNotAcceptedButGoesOnWaiting(NativeChoice choice) throws Exception {
        assumeTrue(choice.obstacle().isEmpty(), "this runtime is older than Java 22");
        Process process = new ProcessBuilder(
                        "prlimit",
                        "--nofile=100:100",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-D" + NativeChoice.PROPERTY + "=" + choice,
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutDescriptors.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).contains("Too many open files");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** In a process whose limit this is. */
    static final class WithoutDescriptors {

        private static final int ATTEMPTS = 10;

        private WithoutDescriptors() {}

        public static void main(String[] arguments) throws IOException {
            Path path = Path.of(arguments[0], "s");
            NativeSockets sockets = NativeSockets.chosen();
            StreamServerSocket server = sockets.listen(path, BACKLOG);
            accept(server, path, false); // loads the classes
            for (int i = 0; i < ATTEMPTS && !accept(server, path, true); i++) {
                // the runtime itself had a file open for a moment, and a descriptor became free after it was looked for
            }
        }

        /** Accepts a client, at once or, which is printed, when a descriptor has become free; tells whether there was none. */
        private static boolean accept(StreamServerSocket server, Path path, boolean isExhausted) throws IOException {
            List<FileInputStream> files = new ArrayList<>();
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                if (isExhausted) {
                    exhaust(files);
                }
                try {
                    server.select(LONG_MILLIS);
                    Objects.requireNonNull(server.accept()).close();
                    return false;
                } catch (IOException e) {
                    files.remove(0).close();
                    server.select(LONG_MILLIS);
                    Objects.requireNonNull(server.accept()).close();
                    System.out.println(e);
                    return client.isConnected();
                }
            } finally {
                for (FileInputStream file : files) {
                    file.close();
                }
            }
        }

        private static void exhaust(List<FileInputStream> files) {
            try {
                while (true) {
                    files.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException e) {
                // none is left
            }
        }
    }
}
