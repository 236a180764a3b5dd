/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.clockbound.BoundSettings;
import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.spi.ReferenceId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class InvocationTest {

    private static final String DURATION_RULE =
            " must be a number and a unit (ns, us, ms, s, m, h, d), such as 250ms or 1s";
    private static final String ADDRESS_RULE =
            "; allowed are unix:PATH, HOST:PORT, [IPV6]:PORT or several of them, separated by commas";
    private static final String PHC_RULE =
            "phc-ref-id and phc-interface need each other: give both, or neither to have them found";

    @ParameterizedTest
    @MethodSource
    void whatIsWrongIsSaidWithTheRule(String message, List<String> words) {
        assertThatThrownBy(() -> Invocation.parse(words.toArray(new String[0])))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> whatIsWrongIsSaidWithTheRule() {
        return Stream.of(
                bad("Unknown option: '--poll-intervall=1s'; did you mean --poll-interval?", "--poll-intervall=1s"),
                bad("Unknown option: '--max-clock-error=1'; did you mean --max_clock_error?", "--max-clock-error=1"),
                bad("Unknown option: '--nonsense'; see clockboundd --help", "--nonsense"),
                bad("'5' is one word too many; see clockboundd --help", "5"),
                bad("Missing required parameter for option '--max_clock_error' (PPM)", "-e"),
                bad("Missing required parameter for option '--config' (FILE)", "-c"),
                bad("option '--level' (LEVEL) should be specified only once", "-L", "2", "-L", "3"),
                bad(PHC_RULE, "-r", "PHC0"),
                bad(PHC_RULE, "-i", "ens5"),
                bad(clockRule("PHC00"), "-r", "PHC00", "-i", "ens5"),
                bad(clockRule("ÄPHC"), "-r", "ÄPHC", "-i", "ens5"),
                bad(clockRule(""), "-r", "", "-i", "ens5"),
                bad(
                        "interface 'a/b' must be the name of a network interface, 1 to 15 ASCII characters without /"
                                + " and :, such as ens5, or auto",
                        "-r",
                        "PHC0",
                        "-i",
                        "a/b"),
                bad(levelRule("5"), "-L", "5"),
                bad(levelRule("x"), "-L", "x"),
                bad(levelRule("-1"), "--level", "-1"),
                bad("poll-interval is 50 ms; it must be 100ms to 60s", "--poll-interval", "50ms"),
                bad("poll-interval is 7200 s; it must be 100ms to 60s", "--poll-interval", "2h"),
                bad("Invalid value for option '--poll-interval': '1'" + DURATION_RULE, "--poll-interval", "1"),
                bad("Invalid value for option '--poll-interval': '-1s'" + DURATION_RULE, "--poll-interval", "-1s"),
                bad("Invalid value for option '--poll-interval': 'soon'" + DURATION_RULE, "--poll-interval", "soon"),
                bad("Invalid value for option '--holdover': ''" + DURATION_RULE, "--holdover", ""),
                bad("holdover is 500 ms; it must be 1s to 24h", "--holdover", "0.5s"),
                bad("holdover is 90000 s; it must be 1s to 24h", "--holdover", "25h"),
                bad("max-connections '0' is not a number from 1 to 1000", "--max-connections", "0"),
                bad(modeRule("999"), "--socket-mode", "999"),
                bad(modeRule("0"), "--socket-mode", "0"),
                bad(modeRule("12345"), "--socket-mode", "12345"),
                bad("socket-mode ---rw-rw- shuts the owner out; the minimum is 0600", "--socket-mode", "0066"),
                bad("run-dir is empty; name a directory, such as /run/clockboundd", "--run-dir", ""),
                bad(
                        "no transport is named 'carrier-pigeon'; installed: datagram, shm, stream",
                        "--transport=carrier-pigeon"),
                bad(
                        "no transport is named 'pigeon'; installed: datagram, shm, stream",
                        "--transport",
                        "datagram,pigeon"),
                bad("shm-dir is empty; name a directory, such as /run/clockbound", "--transport=shm", "--shm-dir", ""),
                bad("no time source is named 'ntpd'; installed: chrony", "--time-source", "ntpd"),
                bad(settingRule("127.0.0.1:323"), "--time-source-option", "127.0.0.1:323"),
                bad(settingRule("=x"), "--time-source-option", "=x"),
                bad("'port' is no setting of chrony; it has address", "--time-source-option", "port=1"),
                bad(
                        "address '127.0.0.1': the port is missing; chronyd's is 323" + ADDRESS_RULE,
                        "--time-source-option",
                        "address=127.0.0.1"),
                bad(
                        "address '::1:323': an IPv6 address must be in brackets, as in [::1]:323" + ADDRESS_RULE,
                        "--time-source-option",
                        "address=::1:323"),
                bad(
                        "time-source-option 'address' is given twice, as '127.0.0.1:323' and as '[::1]:323'; keep one",
                        "--time-source-option=address=127.0.0.1:323",
                        "--time-source-option=address=[::1]:323"),
                bad(
                        "reference-error of PHC0 is given twice; keep one",
                        "--reference-error=PHC0=1us",
                        "--reference-error=PHC0=2us"),
                bad(referenceErrorRule("PHC0"), "--reference-error", "PHC0"),
                bad(referenceErrorRule(""), "--reference-error", ""),
                bad(referenceErrorRule("400us"), "--reference-error", "PHC0=1us 400us"),
                bad("reference-error 'PHC0=': ''" + DURATION_RULE, "--reference-error", "PHC0="),
                bad("reference-error 'PHC0=400': '400'" + DURATION_RULE, "--reference-error", "PHC0=400"),
                bad("reference-error 'PHC0=-1us': '-1us'" + DURATION_RULE, "--reference-error", "PHC0=-1us"),
                bad("reference-error 'A=B=1us': 'B=1us'" + DURATION_RULE, "--reference-error", "A=B=1us"),
                bad("reference-error of PHC0 is 90000 s; it must be 0s to 24h", "--reference-error", "PHC0=25h"),
                bad(clockRule("PHC00"), "--reference-error", "PHC00=1us"),
                bad(clockRule(""), "--reference-error", "=1us"),
                bad("clock 'sometimes' must be auto, disciplined or undisciplined", "--clock", "sometimes"),
                bad("clock '' must be auto, disciplined or undisciplined", "--clock="),
                bad(
                        "Invalid value for option '--allow-estimate': 'maybe' must be true or false",
                        "--allow-estimate=maybe"),
                bad(
                        "Invalid value for option '--log-format': expected one of [text, json] (case-sensitive) but was"
                                + " 'xml'",
                        "--log-format",
                        "xml"));
    }

    private static Arguments bad(String message, String... words) {
        return arguments(message, List.of(words));
    }

    private static String clockRule(String id) {
        return "reference id '" + id + "' must be 1 to 4 printable ASCII characters, such as PHC0";
    }

    private static String referenceErrorRule(String text) {
        return "reference-error '" + text + "' must be ID=TIME, such as PHC0=400us, the ID as chronyd shows it";
    }

    private static String levelRule(String level) {
        return "level '" + level + "' must be 0 (trace), 1 (debug), 2 (info), 3 (warn) or 4 (error)";
    }

    private static String settingRule(String text) {
        return "time-source-option '" + text + "' must be NAME=VALUE, such as address=127.0.0.1:323";
    }

    private static String modeRule(String mode) {
        return "socket-mode '" + mode + "' is not three octal digits, with or without a leading 0, such as 0660";
    }

    @Test
    void aListMayHaveSpacesAfterItsCommas() {
        String list = "address=unix:/run/chronyd.sock, 127.0.0.1:3230,  [::1]:3230";
        assertThat(Invocation.parse("--time-source-option", list)
                        .config()
                        .source()
                        .peer())
                .isEqualTo("unix:/run/chronyd.sock, 127.0.0.1:3230, [::1]:3230");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "NaN", "inf", "-1", "-0.001", "abc", "", "1e6", "999999.9999", "0x10", "1,5"})
    void clockErrorMustBeANumberFromZeroToBelowASecondPerSecond(String ppm) {
        assertThatThrownBy(() -> Invocation.parse("-e", ppm))
                .hasMessage("max_clock_error '" + ppm
                        + "' must be a number of ppm, at least 0 and below 1000000, such as 50");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e2147483647", "1e999999999", "-1e999999999"})
    void enormousClockErrorIsRefusedLikeAnyOther(String ppm) {
        assertThatThrownBy(() -> Invocation.parse("-e", ppm)).hasMessageStartingWith("max_clock_error '" + ppm + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0001", "1e-999999999", "0.001"})
    void clockErrorIsRoundedUp(String ppm) {
        assertThat(boundOf("-e", ppm).maxClockErrorPpb()).isEqualTo(1);
    }

    @Test
    void clockErrorOfZeroStaysZero() {
        assertThat(boundOf("-e", "0").maxClockErrorPpb()).isZero();
        assertThat(boundOf("-e", "0e999999999").maxClockErrorPpb()).isZero();
    }

    @Test
    void theLargestClockErrorIsTaken() {
        assertThat(boundOf("-e", "999999.999").maxClockErrorPpb()).isEqualTo(999_999_999);
    }

    @Test
    void withoutOptionsTheDefaultsOfTheLibraryHold() {
        DaemonConfig config = Invocation.parse().config();
        assertThat(config.bound()).isEqualTo(BoundSettings.DEFAULTS);
        assertThat(config.log()).isEqualTo(LogSettings.DEFAULTS);
        assertThat(config.source().name()).isEqualTo("chrony");
        assertThat(config.providers()).extracting(provider -> provider.name()).containsExactly("phc");
        assertThat(config.transports())
                .extracting(transport -> transport.name())
                .containsExactly("datagram", "stream", "shm");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-L 2 -e 50 -r PHC0 -i ens5",
                "--level 2 --max_clock_error 50 --phc-ref-id PHC0 --phc-interface ens5",
                "--level=2 --max_clock_error=50.0 --phc-ref-id=PHC0 --phc-interface=ens5",
                "-L2 -e50 -rPHC0 -iens5",
                "-L=2 -e=50 -r=PHC0 -i=ens5",
                "-i ens5 -e 50 -r PHC0"
            })
    void commandLinesOfClockBound01Work(String line) {
        Invocation invocation = Invocation.parse(line.split(" "));
        assertThat(invocation.config().bound().maxClockErrorPpb()).isEqualTo(50_000);
        assertThat(invocation.config().log().level()).isEqualTo(Level.INFO);
        assertThat(invocation.values()).containsEntry("phc-ref-id", "PHC0").containsEntry("phc-interface", "ens5");
        assertThat(invocation.config().providers()).hasSize(1);
    }

    @Test
    void levelsCountFromTrace() {
        assertThat(Stream.of("0", "1", "2", "3", "4")
                        .map(level -> Invocation.parse("--level=" + level)
                                .config()
                                .log()
                                .level()))
                .containsExactly(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR);
    }

    @Test
    void durationsAreWrittenAsPeopleWriteThem() {
        assertThat(boundOf("--poll-interval", "250ms", "--holdover", "1h"))
                .isEqualTo(BoundSettings.DEFAULTS
                        .withPollInterval(Duration.ofMillis(250))
                        .withHoldover(Duration.ofHours(1)));
    }

    @Test
    void whatIsAllowedAndYetWorthAWordIsSaid() {
        assertThat(warningsOf()).isEmpty();
        assertThat(warningsOf("-e", "14.999"))
                .containsExactly("max_clock_error is 14.999 ppm: few oscillators are that good, and the bound is only"
                        + " as right as this number; 15 is the default, 50 a common choice");
        assertThat(warningsOf("-e", "15", "--poll-interval", "5s")).isEmpty();
        assertThat(warningsOf("-e", "1000")).isEmpty();
        assertThat(warningsOf("-e", "1000.001"))
                .singleElement()
                .asString()
                .startsWith("max_clock_error is 1000.001 ppm: an oscillator that bad cannot be disciplined");
        assertThat(warningsOf("-e", "15", "--poll-interval", "5001ms"))
                .containsExactly("poll-interval is over 5s: between two polls the clock will read as free running");
        assertThat(warningsOf("-e", "15", "--allow-local-reference"))
                .containsExactly("allow-local-reference is set: when chronyd follows nothing but its own clock, the"
                        + " interval contains that clock's time, not true time");
        assertThat(warningsOf("--allow-estimate"))
                .containsExactly(
                        "allow-estimate is set: where chronyd reports no measurement, the interval may miss true"
                                + " time when the oscillator's frequency or chronyd's sources change");
    }

    @Test
    void fifteenPpmAndTenPollsASecondAreTheDefault() {
        assertThat(boundOf().maxClockErrorPpb()).isEqualTo(15_000);
        assertThat(boundOf().pollInterval()).isEqualTo(Duration.ofMillis(100));
        assertThat(boundOf().discipline()).isEqualTo(ClockDiscipline.AUTO);
        assertThat(boundOf().maxSlewRatePpb()).isEmpty();
        assertThat(boundOf().estimateAllowed()).isFalse();
        assertThat(boundOf().referenceErrors()).isEmpty();
    }

    @Test
    void referenceErrorsAreOfAClockEach() {
        ReferenceId phc = ReferenceId.ofClock("PHC0");
        assertThat(boundOf("--reference-error", "PHC0=400us").referenceErrors())
                .containsExactly(entry(phc, Duration.ofNanos(400_000)));
        assertThat(boundOf("--reference-error=PHC0=0").referenceErrors()).containsExactly(entry(phc, Duration.ZERO));
        assertThat(boundOf("--reference-error=PHC0=0s").referenceErrors()).containsExactly(entry(phc, Duration.ZERO));
        assertThat(boundOf("--reference-error", "PHC0=400us", "--reference-error", "GPS=1.5ms PPS=1us")
                        .referenceErrors())
                .containsOnly(
                        entry(phc, Duration.ofNanos(400_000)),
                        entry(ReferenceId.ofClock("GPS"), Duration.ofNanos(1_500_000)),
                        entry(ReferenceId.ofClock("PPS"), Duration.ofNanos(1_000)));
    }

    @Test
    void whoSetsTheClockIsOneOfThree() {
        assertThat(Stream.of("auto", "disciplined", "undisciplined")
                        .map(kind -> boundOf("--clock", kind).discipline()))
                .containsExactly(ClockDiscipline.AUTO, ClockDiscipline.DISCIPLINED, ClockDiscipline.UNDISCIPLINED);
    }

    @Test
    void theFastestSlewIsInPpmAndRoundedUp() {
        assertThat(boundOf("--max-slew-rate", "500").maxSlewRatePpb()).hasValue(500_000);
        assertThat(boundOf("--max-slew-rate", "83333.333").maxSlewRatePpb()).hasValue(83_333_333);
        assertThat(boundOf("--max-slew-rate", "0.0001").maxSlewRatePpb()).hasValue(1);
        assertThat(boundOf("--max-slew-rate", "100000").maxSlewRatePpb()).hasValue(100_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "100000.1", "999999", "1e9", "fast", "", "nan"})
    void theFastestSlewMustBeANumberThatAKernelCanSlewBy(String ppm) {
        assertThatThrownBy(() -> Invocation.parse("--max-slew-rate", ppm))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("max-slew-rate '" + ppm + "' must be a number of ppm, above 0 and at most 100000, such as"
                        + " 500; it is chrony's maxslewrate, whose default is 83333.333");
    }

    @Test
    void anEstimateIsEnoughWhereTheFlagIsSet() {
        assertThat(boundOf("--allow-estimate").estimateAllowed()).isTrue();
        assertThat(boundOf("--allow-estimate=true").estimateAllowed()).isTrue();
        assertThat(boundOf("--allow-estimate=false").estimateAllowed()).isFalse();
    }

    private static BoundSettings boundOf(String... arguments) {
        return Invocation.parse(arguments).config().bound();
    }

    private static List<String> warningsOf(String... arguments) {
        return Invocation.parse(arguments).config().warnings();
    }
}
