/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.daemon.config.Version;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void checkSaysWhatIsWorthAWord() throws InterruptedException {
        assertThat(ClockBoundDaemon.run("--check-config", "-e", "50", "--poll-interval", "6s"))
                .isZero();
        assertThat(output)
                .hasToString("warning: poll-interval is over 5s: between two polls the clock will read as free"
                        + " running\nThe configuration is valid.\n");
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
                        "log-format = text # the default\n")
                .doesNotContain("check-config", "help", "PT", "null");
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
