/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

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
        assertThat(run.code()).isEqualTo(ExitCode.NO_DAEMON);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("clockboundctl " + line.replaceFirst(" .*", ": "))
                .contains(directory.toString(), "start clockboundd")
                .hasLineCount(1)
                .hasSizeLessThan(line.contains("--socket") ? 400 : 300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"now", "before 5", "after 5", "status", "watch", "wait --timeout 10ms"})
    void anErrorIsAJsonObjectOnStandardOutputWhereJsonWasAskedFor(String line) throws IOException {
        CtlRun run = CtlRun.of((line + " --json --run-dir " + directory + " --shm-dir " + directory).split(" "));
        assertThat(run.err()).isEmpty();
        JsonNode json = run.outJson();
        assertThat(json.path("exit_code").asInt()).isEqualTo(run.code()).isEqualTo(ExitCode.NO_DAEMON);
        assertThat(json.path("is_trusted").asBoolean(true)).isFalse();
        assertThat(json.path("error").asText()).contains("start clockboundd");
    }

    @Test
    void anErrorInTheJsonOfATimedCommandLeavesItsStandardOutputAlone() throws IOException {
        CtlRun run = CtlRun.of(
                "timing", "--json", "--run-dir", directory.toString(), "--shm-dir", directory.toString(), "true");
        assertThat(run.out()).isEmpty();
        assertThat(run.errJson().path("exit_code").asInt()).isEqualTo(ExitCode.NO_DAEMON);
    }

    @Test
    void aWrongCommandLineIsJsonWhereJsonWasAskedFor() throws IOException {
        CtlRun run = CtlRun.of("now", "--jsn", "--json");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).isEmpty();
        assertThat(run.outJson().path("error").asText()).startsWith("Unknown option: '--jsn'");
        assertThat(run.outJson().path("exit_code").asInt()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void allCommandsThatAskADaemonTakeTheSameOptions() {
        Map<String, CommandLine> commands = ClockBoundCtl.commandLine().getSubcommands();
        assertThat(commands).containsKeys("now", "status", "wait");
        commands.forEach((name, command) -> {
            // the doctor looks at every way, and metrics have a format of their own
            if (!List.of("help", "demo", "doctor", "metrics").contains(name)) {
                assertThat(command.getCommandSpec().optionsMap())
                        .as(name)
                        .containsKeys("--json", "--run-dir", "--shm-dir", "--socket", "--shm", "--help", "--version");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "1764000000,       seconds,      1764000000000000000, 2025-11-24T16:00:00Z",
        "1764000000123,    milliseconds, 1764000000123000000, 2025-11-24T16:00:00.123Z",
        "1764000000123456, microseconds, 1764000000123456000, 2025-11-24T16:00:00.123456Z",
        "9999999999,       seconds,      9999999999000000000, 2286-11-20T17:46:39Z"
    })
    void anInstantInAnotherUnitThanNanosecondsIsRefusedWithWhatIsLikelyMeant(
            String text, String unit, String nanos, String instant) {
        CtlRun run = CtlRun.of("before", text);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains(
                        "'" + text + "' would be in January 1970",
                        "in " + unit + ", write " + nanos + " or " + instant);
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(CtlRun.of("--help").out())
                .contains("now", "before", "after", "status", "history", "wait", "watch", "timing", "metrics", "demo");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "now", "before", "after", "status", "history", "wait", "watch", "timing", "check", "metrics", "doctor",
                "demo"
            })
    void everyCommandHasHelpAndAVersion(String name) {
        assertThat(CtlRun.of(name, "--help"))
                .extracting(CtlRun::code, CtlRun::err)
                .containsExactly(0, "");
        assertThat(CtlRun.of(name, "--version").out())
                .isEqualTo("clockboundctl " + name + " " + Version.number() + "\n");
    }
}
