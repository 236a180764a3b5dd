/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

class ConfigFileTest {

    private static final String OR_THE_COMMAND_LINE = " or the command line: ";

    @TempDir
    Path directory;

    @Test
    void everyOptionCanBeInTheFile() throws IOException {
        Invocation invocation = parse("""
            # every one of them
            max_clock_error = 50
            phc-ref-id = PHC0
            phc-interface = ens5
            time-source = chrony
            time-source-option = address=127.0.0.1:3230,[::1]:3230
            transport = datagram
            run-dir = /run/elsewhere
            socket-mode = 0600
            socket-group = root
            poll-interval = 500 ms
            holdover = 10m
            allow-local-reference = true
            allow-estimate = true
            reference-error = PHC1=400us GPS=0
            clock = undisciplined
            max-slew-rate = 500
            level = 3
            log-format = json
            """);
        DaemonConfig config = invocation.config();
        assertThat(config.bound().maxClockErrorPpb()).isEqualTo(50_000);
        assertThat(config.bound().pollInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.bound().holdover()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.bound().localReferenceAllowed()).isTrue();
        assertThat(config.bound().estimateAllowed()).isTrue();
        assertThat(config.bound().referenceErrors())
                .containsOnly(
                        entry(ReferenceId.ofClock("PHC1"), Duration.ofNanos(400_000)),
                        entry(ReferenceId.ofClock("GPS"), Duration.ZERO));
        assertThat(config.bound().discipline()).isEqualTo(ClockDiscipline.UNDISCIPLINED);
        assertThat(config.bound().maxSlewRatePpb()).hasValue(500_000);
        assertThat(config.log()).isEqualTo(new LogSettings(Level.WARN, LogSettings.Format.json));
        assertThat(config.source().peer()).isEqualTo("127.0.0.1:3230, [::1]:3230");
        assertThat(invocation.values())
                .containsEntry("run-dir", "/run/elsewhere")
                .containsEntry("socket-mode", "0600")
                .containsEntry("socket-group", "root")
                .containsEntry("phc-ref-id", "PHC0")
                .containsEntry("phc-interface", "ens5");
    }

    @Test
    void severalSettingsOfTheTimeSourceStandOnOneLine() throws IOException {
        assertThatThrownBy(() -> parse("time-source-option = address=127.0.0.1:1  address=127.0.0.1:2\n"))
                .hasMessageEndingWith("time-source-option 'address' is given twice, as '127.0.0.1:1' and as"
                        + " '127.0.0.1:2'; keep one");
        assertThatThrownBy(() -> parse("time-source-option = address=127.0.0.1:1 port=2\n"))
                .hasMessage(file() + OR_THE_COMMAND_LINE + "'port' is no setting of chrony; it has address");
    }

    @Test
    void theCommandLineWins() throws IOException {
        Invocation invocation = parse(
                "level = 4\nmax_clock_error = 9\ntime-source-option = address=127.0.0.1:1\n",
                "-L",
                "1",
                "--max_clock_error=50",
                "--time-source-option",
                "address=127.0.0.1:2");
        assertThat(invocation.config().log().level()).isEqualTo(Level.DEBUG);
        assertThat(invocation.config().bound().maxClockErrorPpb()).isEqualTo(50_000);
        assertThat(invocation.config().source().peer()).isEqualTo("127.0.0.1:2");
    }

    @ParameterizedTest
    @CsvSource({
        "true, --allow-local-reference, true",
        "false, --allow-local-reference, true",
        "true, --allow-local-reference=false, false",
        "false, --allow-local-reference=true, true"
    })
    void theCommandLineWinsForAFlagToo(String inFile, String onCommandLine, boolean result) throws IOException {
        assertThat(parse("allow-local-reference = " + inFile + "\n", onCommandLine)
                        .config()
                        .bound()
                        .localReferenceAllowed())
                .isEqualTo(result);
    }

    @Test
    void theCommandLineReplacesTheReferenceErrorsOfTheFile() throws IOException {
        assertThat(parse("reference-error = PHC0=1us GPS=2us\n", "--reference-error", "PHC0=3us")
                        .config()
                        .bound()
                        .referenceErrors())
                .containsExactly(entry(ReferenceId.ofClock("PHC0"), Duration.ofNanos(3_000)));
    }

    @Test
    void aBadValueThatTheCommandLineReplacesDoesNoHarm() throws IOException {
        assertThat(parse("poll-interval = 1\nlevel = 9\n", "--poll-interval", "2s", "-L", "2")
                        .config()
                        .bound()
                        .pollInterval())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "levl = 1 | 'levl' is no option; did you mean 'level'?",
                "socket_mode = 0600 | 'socket_mode' is no option; did you mean 'socket-mode'?",
                "e = 50 | 'e' is no option; clockboundd --help lists the options, whose long names are the keys",
                "help = true | 'help' is no option; clockboundd --help lists the options, whose long names are the"
                        + " keys",
                "config = /x | 'config' is no option; clockboundd --help lists the options, whose long names are the"
                        + " keys"
            })
    void anUnknownKeyIsAnErrorThatNamesTheFile(String line, String message) {
        assertThatThrownBy(() -> parse(line)).hasMessage(file() + ":1: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "max_clock_error = nan | max_clock_error 'nan' must be a number of ppm, at least 0 and below 1000000,"
                        + " such as 50",
                "max_clock_error = | max_clock_error '' must be a number of ppm, at least 0 and below 1000000, such as"
                        + " 50",
                "level = 7 | level '7' must be 0 (trace), 1 (debug), 2 (info), 3 (warn) or 4 (error)",
                "phc-ref-id = PHC0 | phc-ref-id and phc-interface need each other: give both, or neither to have them"
                        + " found",
                "run-dir = | run-dir is empty; name a directory, such as /run/clockboundd",
                "transport = pigeon | no transport is named 'pigeon'; installed: datagram, shm, stream",
                "poll-interval = 1 | Invalid value for option 'poll-interval': '1' must be a number and a unit (ns,"
                        + " us, ms, s, m, h, d), such as 250ms or 1s",
                "log-format = xml | Invalid value for option 'log-format': expected one of [text, json]"
                        + " (case-sensitive) but was 'xml'",
                "reference-error = PHC0 | reference-error 'PHC0' must be ID=TIME, such as PHC0=400us, the ID as chronyd"
                        + " shows it",
                "reference-error = PHC0=1us, GPS=2us | reference-error 'PHC0=1us,': '1us,' must be a number and a unit"
                        + " (ns, us, ms, s, m, h, d), such as 250ms or 1s",
                "clock = free | clock 'free' must be auto, disciplined or undisciplined",
                "max-slew-rate = 0 | max-slew-rate '0' must be a number of ppm, above 0 and at most 100000, such as"
                        + " 500; it is chrony's maxslewrate, whose default is 83333.333",
                "allow-estimate = yes | Invalid value for option 'allow-estimate': 'yes' must be true or false",
                "allow-local-reference = yes | Invalid value for option 'allow-local-reference': 'yes' must be"
                        + " true or false"
            })
    void aBadValueIsAnErrorThatNamesTheFile(String line, String message) {
        assertThatThrownBy(() -> parse(line)).hasMessage(file() + OR_THE_COMMAND_LINE + message);
    }

    @Test
    void badValuesInBothPlacesAreOneError() {
        assertThatThrownBy(() -> parse("level = 7\n", "-L", "8"))
                .hasMessage(file() + OR_THE_COMMAND_LINE
                        + "level '8' must be 0 (trace), 1 (debug), 2 (info), 3 (warn) or 4 (error)");
    }

    @Test
    void aKeyTwiceIsAnError() {
        assertThatThrownBy(() -> parse("level = 1\nlevel = 1\n"))
                .hasMessage(file() + ":2: 'level' is set twice, first in line 1; keep one line");
    }

    @Test
    void aBadEscapeIsAnErrorThatNamesTheFile() {
        assertThatThrownBy(() -> parse("run-dir = \\u00\n"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(file() + ":1: Malformed \\uxxxx encoding.");
    }

    @Test
    void aMissingFileThatIsNamedIsAnError() {
        assertThatThrownBy(() -> Invocation.parse("--config", file().toString()))
                .hasMessage(file() + ": there is no such file; make it, or leave out --config");
    }

    @Test
    void aDirectoryIsNoFile() {
        assertThatThrownBy(() -> Invocation.parse("-c", directory.toString()))
                .hasMessage(directory + ": cannot be read: Is a directory");
    }

    @Test
    void aFileInAnotherEncodingIsAnError() throws IOException {
        Files.write(file(), new byte[] {'l', '=', (byte) 0xE4, '\n'});
        assertThatThrownBy(() -> Invocation.parse("-c", file().toString())).hasMessage(file() + ": it is not UTF-8");
    }

    @Test
    void aFileThatMayNotBeReadIsAnError() throws IOException {
        Files.writeString(file(), "level = 1\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("-w-------"));
        assumeFalse(Files.isReadable(file()), "root may read everything");
        assertThatThrownBy(() -> Invocation.parse("-c", file().toString()))
                .hasMessage(file() + ": this user may not read it; see its owner and mode");
    }

    private Path file() {
        return directory.resolve("clockboundd.conf");
    }

    private Invocation parse(String text, String... more) throws IOException {
        Files.writeString(file(), text);
        return Invocation.parse(Stream.concat(Stream.of("-c", file().toString()), Stream.of(more))
                .toArray(String[]::new));
    }
}
