/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.daemon.ExitCode;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every command to a daemon that runs. */
class ClockBoundCtlTest extends RunningDaemon {

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "--version", "help now", "now", "now --json", "before 1", "status", "wait", "watch"})
    void outputThatCannotBeWrittenIsAFailure(String line) throws Exception {
        synchronize();
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        if (!line.contains("help") && !line.contains("version")) {
            words.addAll(List.of("--run-dir", directory.toString()));
        }
        StringWriter err = new StringWriter();
        PrintStream standardOutput = System.out;
        int code;
        try (PrintStream full = new PrintStream(new FileOutputStream("/dev/full"))) {
            System.setOut(full);
            code = ClockBoundCtl.commandLine()
                    .setErr(new PrintWriter(err, true))
                    .execute(words.toArray(String[]::new));
        } finally {
            System.setOut(standardOutput);
        }
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .endsWith(": cannot write to standard output\n")
                .hasLineCount(1);
    }
}
