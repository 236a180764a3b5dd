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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CtlUsageTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''           | clockboundctl: a command is missing: now, before, after, status, history, wait, watch,"
                        + " timing, check, metrics, doctor, demo, help; see clockboundctl --help",
                "wacht        | clockboundctl: 'wacht' is no command; did you mean watch?",
                "nwo          | clockboundctl: 'nwo' is no command; did you mean now?",
                "frobnicate   | clockboundctl: 'frobnicate' is no command; see clockboundctl --help",
                "watch --count 0 | clockboundctl watch: --count must be at least 1; see clockboundctl watch --help",
                "wait --max-bound 0s | clockboundctl wait: --max-bound must be at least 1ns; see clockboundctl wait --help",
                "watch --interval 0s | clockboundctl watch: --interval must be at least 1ms; see clockboundctl watch"
                        + " --help",
                "watch --count x | clockboundctl watch: Invalid value for option '--count': 'x' must be a whole number;"
                        + " see clockboundctl watch --help",
                "demo --readings 0 | clockboundctl demo: --readings must be at least 1; see clockboundctl demo --help",
                "demo --readings x | clockboundctl demo: Invalid value for option '--readings': 'x' must be a whole"
                        + " number; see clockboundctl demo --help",
                "now --jsn    | clockboundctl now: Unknown option: '--jsn'; did you mean --json?",
                "now 5        | clockboundctl now: '5' is one word too many; see clockboundctl now --help",
                "before       | clockboundctl before: Missing required parameter: 'T'; see clockboundctl before --help",
                "timing       | clockboundctl timing: Missing required parameter: 'COMMAND'; see clockboundctl timing"
                        + " --help",
                "wait --timeout 5 | clockboundctl wait: Invalid value for option '--timeout': '5' must be a number and"
                        + " a unit (ns, us, ms, s, m, h, d), such as 250ms or 1s; see clockboundctl wait --help"
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
        "1764000000,       seconds,      1764000000000000000 or 2025-11-24T16:00:00Z",
        "1764000000123,    milliseconds, 1764000000123000000 or 2025-11-24T16:00:00.123Z",
        "1764000000123456, microseconds, 1764000000123456000 or 2025-11-24T16:00:00.123456Z",
        "9999999999,       seconds,      2286-11-20T17:46:39Z"
    })
    void anInstantInAnotherUnitThanNanosecondsIsRefusedWithWhatIsLikelyMeant(String text, String unit, String meant) {
        CtlRun run = CtlRun.of("before", text);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("'" + text + "' would be in January 1970", "in " + unit + ", write " + meant);
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775808, 2262-04-11T23:47:16.854775808Z",
        "99999999999999999999, 5138-11-16T09:46:39.999999999Z",
        "9223372036854775808000000000, ''",
        "99999999999999999999999999999999999999999, ''"
    })
    void anInstantBeyondWhatNanosecondsCanTellIsRefusedWithTheRange(String text, String instant) {
        CtlRun run = CtlRun.of("after", text);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains(
                        "'" + text + "' must be 0 to 9223372036854775807 nanoseconds since the Unix epoch",
                        "2262-04-11T23:47:16.854775807Z",
                        "write a later instant as ISO 8601" + (instant.isEmpty() ? "" : ", such as " + instant))
                .hasLineCount(1);
    }

    @Test
    void theLastInstantThatNanosecondsCanTellIsTaken() {
        CtlRun run = CtlRun.of("after", "0009223372036854775807", "--run-dir", directory.toString());
        assertThat(run.code()).isEqualTo(ExitCode.NO_DAEMON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait --timeout",
                "wait --max-bound",
                "watch --interval",
                "history --since",
                "check --warn",
                "check --crit"
            })
    void aLengthOfTimeThatNanosecondsCannotTellIsRefusedWithTheRange(String option) {
        CtlRun run = CtlRun.of((option + " 2562048h").split(" "));
        assertThat(run.code()).isEqualTo(option.startsWith("check") ? 3 : ExitCode.USAGE);
        assertThat(run.err() + run.out()).contains("'2562048h' must be at most 2562047h (292 years): choose less");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandIsInTheHelpAndHasHelpAndAVersion(String name) {
        assertThat(CtlRun.of("--help").out()).containsPattern("(?m)^  " + name + " ");
        assertThat(CtlRun.of(name, "--help"))
                .extracting(CtlRun::code, CtlRun::err)
                .containsExactly(0, "");
        assertThat(CtlRun.of(name, "--version").out())
                .isEqualTo("clockboundctl " + name + " " + Version.number() + "\n");
    }

    static Stream<String> commands() {
        return ClockBoundCtl.commandLine().getSubcommands().keySet().stream().filter(name -> !name.equals("help"));
    }
}
