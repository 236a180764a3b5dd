/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DaemonProcess.Ended;
import io.clockbound.it.Prerequisites;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of the daemon: what scripts written for ClockBound 0.1.4 say to it, and what is new. */
class CommandLineIT {

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-V", "--version"})
    void saysItsVersion(String option) throws Exception {
        Ended ended = DaemonProcess.run(option);
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).matches("clockboundd \\d+\\.\\d+\\.\\d+\\S*\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help"})
    void explainsItsOptions(String option) throws Exception {
        Ended ended = DaemonProcess.run(option);
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output())
                .contains("--level", "--max_clock_error", "--phc-ref-id", "--phc-interface", "--version", "--help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-L 2 -e 1", "--level 0 --max_clock_error 2.5", "-L4 -e50", "--level=3 --max_clock_error=0"})
    void takesCommandLinesOfTheOldDaemon(String words) throws Exception {
        assertThat(DaemonProcess.run((words + " --check-config").split(" ")))
                .extracting(Ended::exitCode)
                .isEqualTo(0);
    }

    /** What it needs of the machine, a network card with a hardware clock, is another matter. */
    @Test
    void takesTheNamesOfAHardwareClockAndItsInterface() throws Exception {
        assertThat(DaemonProcess.run("-r", "PHC0", "-i", "eth0", "--check-config")
                        .output())
                .contains("The configuration is valid")
                .doesNotContain("Unknown option", "Invalid value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-e nan", "-e inf", "-e -1", "-L 5", "-L info", "-r PHC0", "-i eth0", "-r PHC00 -i eth0", "-x"})
    void refusesWhatMakesNoSense(String words) throws Exception {
        Ended ended = DaemonProcess.run(words.split(" "));
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output()).startsWith("clockboundd: ").doesNotContain("\tat ");
    }

    @Test
    void aGoodConfigurationIsValid() throws Exception {
        Ended ended = check("max_clock_error = 50\npoll-interval = 250ms\n");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).contains("valid");
    }

    @Test
    void aBadKeyIsNamedWithTheOneThatWasMeant() throws Exception {
        Ended ended = check("max_clock_eror = 50\n");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output())
                .contains("max_clock_eror", "'max_clock_error'")
                .doesNotContain("\tat ");
    }

    private Ended check(String config) throws Exception {
        Path file = Files.writeString(directory.resolve("clockboundd.conf"), config);
        return DaemonProcess.run("--check-config", "--config", file.toString());
    }
}
