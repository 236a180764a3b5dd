/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DatagramCallsTest {

    @TempDir
    private Path directory;

    @Test
    void aServerThatCannotReachThemIsRefusedAtEveryStartWithTheRemedy() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dclockbound.native=junixsocket", // what later runtimes choose needs none
                        "--module-path",
                        classPath(entry -> entry.contains("junixsocket")),
                        "--add-modules",
                        "ALL-MODULE-PATH",
                        "-cp",
                        classPath(entry -> !entry.contains("junixsocket")),
                        TwoStarts.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD) // Java 24 and later warn of native code there
                .start();
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).as("%s", lines).isZero();
        assertThat(lines)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("refused: ")
                        .contains("junixsocket 2.11.1", "class path", "--transport"));
    }

    /** A process that starts a datagram server twice and prints what came of each start. */
    static final class TwoStarts {

        private TwoStarts() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                Transport transport = new DatagramTransport().with(Map.of("run-dir", arguments[0]));
                SettableClock clock = SettableClock.at(1_000, 2_000, ClockStatus.SYNCHRONIZED);
                try (TransportServer server = transport.serve(
                        clock, () -> "{}", LocalClock.system(), e -> System.out.println("failed: " + e))) {
                    System.out.println("serves at " + server.address());
                } catch (IOException e) {
                    System.out.println("refused: " + e.getMessage());
                }
            }
        }
    }

    private static String classPath(Predicate<String> entries) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(classPath)
                .filter(entries)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
