/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.daemon.config.Version;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CtlUsageTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''           | clockboundctl: Missing required subcommand; see clockboundctl --help",
                "wacht        | clockboundctl: Unmatched argument at index 0: 'wacht'; did you mean watch?",
                "now --jsn    | clockboundctl now: Unknown option: '--jsn'; did you mean --json?",
                "now 5        | clockboundctl now: Unmatched argument at index 1: '5'; see clockboundctl now --help",
                "before       | clockboundctl before: Missing required parameter: 'T'; see clockboundctl before --help",
                "timing       | clockboundctl timing: Missing required parameter: 'COMMAND'; see clockboundctl timing"
                        + " --help",
                "wait --timeout 5 | clockboundctl wait: Invalid value for option '--timeout': '5' must be a number and"
                        + " a unit (ns, us, ms, s, m, h), such as 250ms or 1s; see clockboundctl wait --help"
            })
    void aWrongCommandLineIsOneLineThatSaysWhatIsWrong(String line, String message) {
        CtlRun run = CtlRun.of(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-5", "1.5", "2026-11-23", "2026-11-23T08:38:37", ""})
    void anInstantIsNanosecondsOrIso8601WithAnOffset(String text) {
        CtlRun run = CtlRun.of("after", "--", text);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("must be nanoseconds since the Unix epoch, or ISO 8601 with an offset");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "now --run-dir DIR --shm-dir DIR",
                "now --socket DIR/clockboundd.sock",
                "before 5 --run-dir DIR --shm-dir DIR",
                "after 5 --run-dir DIR --shm-dir DIR",
                "status --run-dir DIR",
                "watch --run-dir DIR --shm-dir DIR",
                "timing --run-dir DIR --shm-dir DIR true",
                "wait --timeout 10ms --run-dir DIR --shm-dir DIR"
            })
    void withoutADaemonItIsSaidWhatWasTriedAndWhatToDo(String line) {
        CtlRun run = CtlRun.of(line.replace("DIR", directory.toString()).split(" "));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("clockboundctl " + line.replaceFirst(" .*", ": "))
                .contains(directory + "/clockboundd.sock", "start clockboundd")
                .doesNotContain("\tat ");
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(CtlRun.of("--help").out())
                .contains("now", "before", "after", "status", "wait", "watch", "timing", "demo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"now", "before", "after", "status", "wait", "watch", "timing", "check", "demo"})
    void everyCommandHasHelpAndAVersion(String name) {
        assertThat(CtlRun.of(name, "--help"))
                .extracting(CtlRun::code, CtlRun::err)
                .containsExactly(0, "");
        assertThat(CtlRun.of(name, "--version").out())
                .isEqualTo("clockboundctl " + name + " " + Version.number() + "\n");
    }
}
