/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readings of virtual threads, in a process of a runtime that has these. */
@Timeout(120)
class VirtualThreadsTest {

    private static final Path RUNTIMES = Path.of("/usr/lib/jvm");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(SocketEndpoint.Kind.class)
    void aReadingThatWaitsForAHungDaemonHoldsUpNoOtherVirtualThread(SocketEndpoint.Kind kind) throws Exception {
        Path java = runtimeWithVirtualThreads();
        SocketEndpoint endpoint = new SocketEndpoint(kind, directory.resolve("socket"));
        try (ScriptedServer server = ScriptedServer.at(endpoint)) {
            Process process = start(java, endpoint);
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                server.next().answer("01010000" + "0000000000000001" + "0000000000000002"); // as it connects
                ScriptedServer.Asked unanswered = server.next();
                assertThat(output.readLine()).isEqualTo("another thread ran");
                unanswered.answer("01010000" + "0000000000000003" + "0000000000000004");
                assertThat(output.readLine()).isEqualTo("read from 3");
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static Process start(Path java, SocketEndpoint endpoint) throws IOException {
        return new ProcessBuilder(
                        java.toString(),
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TwoThreads.class.getName(),
                        endpoint.kind().name(),
                        endpoint.path().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD) // Java 24 and later warn of native code there
                .start();
    }

    private static Path runtimeWithVirtualThreads() throws IOException {
        Optional<Path> java = Optional.empty();
        if (Runtime.version().feature() >= 21) {
            java = Optional.of(Path.of(System.getProperty("java.home"), "bin", "java"));
        } else if (Files.isDirectory(RUNTIMES)) {
            try (Stream<Path> installed = Files.list(RUNTIMES)) {
                java = installed
                        .filter(VirtualThreadsTest::hasVirtualThreads)
                        .map(home -> home.resolve("bin/java"))
                        .findFirst();
            }
        }
        if (java.isEmpty()) {
            System.out.println("skipped: there is no Java runtime of version 21 or later in " + RUNTIMES);
        }
        assumeTrue(java.isPresent(), "no Java runtime of version 21 or later in " + RUNTIMES);
        return java.orElseThrow();
    }

    private static boolean hasVirtualThreads(Path home) {
        try {
            Path release = home.resolve("release");
            return Files.isExecutable(home.resolve("bin/java"))
                    && Files.isReadable(release)
                    && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(2[1-9]|[3-9]\\d).*");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads on one virtual thread and lets another run meanwhile. */
    static final class TwoThreads {

        private TwoThreads() {}

        public static void main(String[] arguments) throws Exception {
            SocketEndpoint endpoint =
                    new SocketEndpoint(SocketEndpoint.Kind.valueOf(arguments[0]), Path.of(arguments[1]));
            ExecutorService threads = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            try (BoundedClock clock = SocketClock.open(endpoint, "", DEADLINE, LocalClock.system())) {
                Future<?> reading = threads.submit(() -> {
                    BoundedInstant read = clock.read();
                    System.out.println("read from " + read.earliestNanos());
                });
                threads.execute(() -> System.out.println("another thread ran"));
                reading.get();
            }
        }
    }
}
