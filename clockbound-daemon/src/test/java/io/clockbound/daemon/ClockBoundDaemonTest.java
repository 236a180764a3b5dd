/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.SourceList;
import io.clockbound.daemon.config.Version;
import io.clockbound.daemon.metrics.MetricsServer;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockBoundDaemonTest {

    private final PrintStream standardOutput = System.out;
    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(standardOutput);
        System.setErr(standardError);
    }

    @Test
    void checkOfAGoodConfigurationEndsWithZeroAndStartsNothing() throws InterruptedException {
        Path runDirectory = directory.resolve("run");
        assertThat(ClockBoundDaemon.run("--check-config", "-e", "50", "--run-dir", runDirectory.toString()))
                .isZero();
        assertThat(output).hasToString("The configuration is valid.\n");
        assertThat(errors).hasToString("");
        assertThat(runDirectory).doesNotExist();
    }

    @Test
    void theConfigurationIsShownAndCheckedInOneGo() throws InterruptedException {
        assertThat(ClockBoundDaemon.run("--check-config", "--print-config", "-e", "50"))
                .isZero();
        assertThat(output.toString(StandardCharsets.UTF_8))
                .startsWith("max_clock_error ")
                .endsWith("\nThe configuration is valid.\n");
    }

    @Test
    void checkSaysWhatIsWorthAWord() throws InterruptedException {
        assertThat(ClockBoundDaemon.run("--check-config", "-e", "50", "--poll-interval", "6s"))
                .isZero();
        assertThat(output)
                .hasToString("warning: poll-interval is over 5s: between two polls the clock will read as free"
                        + " running\nThe configuration is valid.\n");
    }

    @Test
    void everyErrorIsReportedWithItsLine() throws InterruptedException, IOException {
        Path file = Files.writeString(directory.resolve("conf"), """
                # a comment \\
                levl = 1
                max_clock_error = \\
                    nan

                poll-interval = 1
                holdover = 5s
                socket-mode = 9
                holdover = 6s
                log-format = xml
                phc-ref-id = PHC0
                phc-interface = a/b
                transport = pigeon
                """);
        assertThat(ClockBoundDaemon.run("--check-config", "-c", file.toString(), "-L", "9", "--nonsens", "--clock=x"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(output).hasToString("");
        String[] starts = {
            "command line: Unknown option: '--nonsens'",
            "command line: level '9' must be",
            "command line: clock 'x' must be",
            file + ":2: 'levl' is no option; did you mean 'level'?",
            file + ":9: 'holdover' is set twice, first in line 7; keep one line",
            file + ":3: max_clock_error 'nan' must be",
            file + ":6: Invalid value for option 'poll-interval': '1' must be",
            file + ":8: socket-mode '9' is not three octal digits",
            file + ":10: Invalid value for option 'log-format'",
            file + ":13: no transport is named 'pigeon'"
        };
        List<String> lines = errors.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(starts.length);
        for (int i = 0; i < starts.length; i++) {
            assertThat(lines.get(i)).startsWith("clockboundd: " + starts[i]);
        }
    }

    @Test
    void aStartReportsAllErrorsToo() throws InterruptedException {
        assertThat(ClockBoundDaemon.run("-e", "nan", "-L", "9")).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .contains("command line: max_clock_error 'nan'", "command line: level '9'")
                .hasLineCount(2);
    }

    @Test
    void whatOnlyAStartWouldFindIsFoundWithoutOne() throws InterruptedException, IOException {
        Path file = Files.writeString(directory.resolve("a file"), "");
        Path tooLong = directory.resolve("d".repeat(100));
        Path missing = directory.resolve("no-vmclock");
        assertThat(ClockBoundDaemon.run(
                        "--check-config",
                        "--run-dir=" + tooLong,
                        "--shm-dir=" + file.resolve("below"),
                        "--socket-group=no-such-group",
                        "--time-source-option=address=no-such-host.invalid:323,127.0.0.1:323",
                        "--phc-ref-id=PHC0",
                        "--phc-interface=no-such-if",
                        "--vmclock=" + missing,
                        "--metrics-address=192.0.2.1:9911"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(output).hasToString("The configuration is valid, but not for this user on this machine.\n");
        assertThat(errors.toString(StandardCharsets.UTF_8).lines())
                .allMatch(line -> line.startsWith("clockboundd: "))
                .anyMatch(line -> line.contains("no-such-host.invalid:323: no host of this name is known"))
                .anyMatch(line -> line.contains("interface 'no-such-if': ") && line.contains("does not exist"))
                .anyMatch(line -> line.contains(tooLong + "/clockboundd.sock has ") && line.contains("at most 106 fit"))
                .anyMatch(line -> line.contains("shm-dir " + file) && line.endsWith(file + " is not a directory"))
                .anyMatch(line -> line.contains("vmclock " + missing + " does not exist"))
                .anyMatch(line -> line.contains("metrics-address 192.0.2.1:9911 is no address of this machine"))
                .satisfiesOnlyOnce(line -> assertThat(line).contains("socket-group 'no-such-group' does not exist"));
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void aMetricsPortIsInUseUnlessADaemonServesThereThatARestartWillReplace() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answer = CompletableFuture.runAsync(() -> {
                try (Socket client = other.accept()) {
                    client.getOutputStream().write("SSH-2.0-other\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            String address = "127.0.0.1:" + other.getLocalPort();
            assertThat(ClockBoundDaemon.run("--check-config", "--metrics-address", address))
                    .isEqualTo(ExitCode.FAILED);
            answer.get();
            assertThat(errors)
                    .hasToString(
                            "clockboundd: metrics-address " + address + " cannot be bound (Address already in use):"
                                    + " choose a free port and an address of this machine\n");
        }
        errors.reset();
        int free;
        try (ServerSocket probe = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        try (MetricsServer ours = MetricsServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), free),
                BoundSettings.DEFAULTS,
                LocalClock.system(),
                bound -> BoundedInstant.unbounded(ClockStatus.UNKNOWN),
                () -> new SourceList(List.of(), 0, 0),
                Map::of)) {
            assertThat(ours.address()).contains(":" + free);
            ClockBoundDaemon.run("--check-config", "--metrics-address", "127.0.0.1:" + free);
            assertThat(errors).hasToString("");
        }
    }

    @Test
    void theSettingsAreShownWithWhereEachComesFromAndNothingIsStarted() throws InterruptedException, IOException {
        Path file = Files.writeString(directory.resolve("conf"), "max_clock_error = 50\nholdover=20s\n");
        Path runDirectory = directory.resolve("run");
        assertThat(ClockBoundDaemon.run(
                        "--print-config",
                        "--config=" + file,
                        "--run-dir=" + runDirectory,
                        "--holdover=1m",
                        "--reference-error=PHC0=1us PHC1=2us",
                        "--vmclock=off"))
                .isZero();
        assertThat(output.toString(StandardCharsets.UTF_8).replaceAll(" +", " "))
                .contains(
                        "max_clock_error = 50 # " + file + "\n",
                        "holdover = 1m # the command line\n",
                        "poll-interval = 100ms # the default\n",
                        "reference-error = PHC0=1us PHC1=2us # the command line\n",
                        "max-slew-rate = none # the default\n",
                        "allow-estimate = false # the default\n",
                        "time-source-option = address=unix:/run/chrony/chronyd.sock, 127.0.0.1:323, [::1]:323 # the"
                                + " default\n",
                        "transport = datagram,stream,shm # the default\n",
                        "vmclock = off # the command line\n",
                        "run-dir = " + runDirectory + " # the command line\n",
                        "native = auto # the default\n",
                        "log-format = text # the default\n")
                .doesNotContain("check-config", "help", "PT", "null", "$");
        assertThat(errors).hasToString("");
        assertThat(runDirectory).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "--check-config", "--print-config"})
    void outputThatCannotBeWrittenIsAFailure(String option) throws InterruptedException, IOException {
        try (PrintStream full = new PrintStream(new FileOutputStream("/dev/full"))) {
            System.setOut(full);
            assertThat(ClockBoundDaemon.run(option)).isEqualTo(ExitCode.FAILED);
        }
        assertThat(errors).hasToString("clockboundd: cannot write to standard output\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-e nan --check-config", "--check-config --nonsense", "-e nan"})
    void aBadConfigurationEndsWithTwoAndOneLineOnStandardError(String line) throws InterruptedException {
        assertThat(ClockBoundDaemon.run(line.split(" "))).isEqualTo(2);
        assertThat(output).hasToString("");
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .startsWith("clockboundd: ")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "-c /nonexistent --help",
                "-e nan -h",
                "--nonsense -h",
                "-h -V",
                "-c --help",
                "--config -h",
                "--help --help"
            })
    void helpWinsOverEverything(String line) throws InterruptedException {
        assertThat(ClockBoundDaemon.run(line.split(" "))).isZero();
        assertThat(output.toString(StandardCharsets.UTF_8))
                .startsWith("Usage: clockboundd ")
                .contains("--max_clock_error=PPM", "Default: 15.", "Default: 100ms.", "Exit codes:")
                .contains("--allow-local-reference[=true|false]", "--time-source-option=K=V")
                .contains("--reference-error=ID=TIME", "--clock=KIND", "--max-slew-rate=PPM")
                .contains("--allow-estimate[=true|false]")
                .doesNotContain("\\s", "<");
        assertThat(errors).hasToString("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "-c /nonexistent -V", "-e nan --version"})
    void versionWinsOverEverythingElse(String line) throws InterruptedException {
        assertThat(ClockBoundDaemon.run(line.split(" "))).isZero();
        assertThat(output).hasToString("clockboundd " + Version.number() + "\n");
    }

    @Test
    void helpWinsOverABrokenFile() throws InterruptedException, IOException {
        Path file = Files.write(directory.resolve("conf"), new byte[] {'x', (byte) 0xFF});
        assertThat(ClockBoundDaemon.run("-c", file.toString(), "--help")).isZero();
        assertThat(output.toString(StandardCharsets.UTF_8)).startsWith("Usage: ");
    }
}
