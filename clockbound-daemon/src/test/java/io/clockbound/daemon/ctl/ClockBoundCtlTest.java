/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.inject.Guice;
import com.google.inject.Stage;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.daemon.Daemon;
import io.clockbound.daemon.DaemonModule;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Commands to a daemon that runs. */
@Timeout(120)
class ClockBoundCtlTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private ScriptedChronyd chronyd;
    private Daemon daemon;

    @BeforeEach
    void start() throws IOException {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
        chronyd = ScriptedChronyd.onUdp();
        chronyd.answer(Answer.silence());
        daemon = daemon();
    }

    @AfterEach
    void end() throws IOException {
        daemon.close();
        chronyd.close();
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void nowShowsAnIntervalThatContainsTrueTime() throws Exception {
        synchronize();
        CtlRun run = run("now");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).matches("\\S+Z \\.\\. \\S+Z  ± \\S+ .?s  SYNCHRONIZED\n");

        long beforeNanos = LocalClock.system().epochNanos();
        JsonNode json = run("now", "--json").outJson();
        long afterNanos = LocalClock.system().epochNanos();
        assertThat(json.path("status").asText()).isEqualTo("SYNCHRONIZED");
        assertThat(json.path("is_trusted").asBoolean()).isTrue();
        assertThat(json.path("earliest_epoch_ns").asLong()).isLessThan(afterNanos);
        assertThat(json.path("latest_epoch_ns").asLong()).isGreaterThan(beforeNanos);
        assertThat(json.path("half_width_ns").asLong()).isPositive();
    }

    @Test
    void beforeIsYesOnlyForWhatHasCertainlyPassed() throws Exception {
        synchronize();
        assertThat(run("before", "2020-01-01T01:00:00+01:00"))
                .isEqualTo(new CtlRun(0, "yes: it has certainly passed\n", ""));
        assertThat(run("before", "9000000000000000000"))
                .isEqualTo(new CtlRun(1, "no: it may not have passed yet\n", ""));
        JsonNode json = run("before", "1", "--json").outJson();
        assertThat(json.path("is_past").asBoolean()).isTrue();
        assertThat(json.has("earliest_epoch_ns")).isTrue();
    }

    @Test
    void afterIsYesOnlyForWhatIsCertainlyInTheFuture() throws Exception {
        synchronize();
        assertThat(run("after", "9000000000000000000"))
                .isEqualTo(new CtlRun(0, "yes: it is certainly in the future\n", ""));
        assertThat(run("after", "2020-01-01T00:00:00Z")).isEqualTo(new CtlRun(1, "no: it may have passed\n", ""));
        assertThat(run("after", "1", "--json").outJson().path("is_future").asBoolean(true))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"now", "before 1", "after 1"})
    void withoutTrustNoIntervalIsShownButTheReason(String line) throws Exception {
        daemon.start();
        awaitReason("no reply");
        CtlRun people = run(line.split(" "));
        assertThat(people.code()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(people.out()).isEmpty();
        assertThat(people.err()).contains("not synchronised, status UNKNOWN: " + chronyd.address() + ": no reply");
        CtlRun run = run((line + " --json").split(" "));
        assertThat(run.code()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(run.err()).isEmpty();
        JsonNode json = run.outJson();
        assertThat(json.path("status").asText()).isEqualTo("UNKNOWN");
        assertThat(json.path("is_trusted").asBoolean(true)).isFalse();
        assertThat(json.has("earliest_epoch_ns")).isFalse();
        assertThat(json.path("error").asText()).contains("no reply");
        assertThat(json.path("exit_code").asInt()).isEqualTo(ExitCode.NOT_TRUSTED);
    }

    @Test
    void theSegmentOfADaemonThatIsGoneIsNoDaemon() throws Exception {
        daemon.start();
        daemon.close();
        CtlRun run = run("now");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.NO_DAEMON);
        assertThat(run.err()).contains("no daemon serves in " + directory).hasLineCount(1);
    }

    @Test
    void statusCanAskTheDaemonOfASocketOrReadASegmentAlone() throws Exception {
        synchronize();
        CtlRun socket = CtlRun.of(
                "status", "--socket", directory.resolve("clockboundd.sock").toString());
        assertThat(socket.code()).as(socket.err()).isZero();
        assertThat(socket.out())
                .containsPattern("pid +" + ProcessHandle.current().pid());
        CtlRun segment =
                CtlRun.of("status", "--shm", directory.resolve("shm/shm0").toString());
        assertThat(segment.code()).as(segment.err()).isZero();
        assertThat(segment.out()).containsPattern("status +SYNCHRONIZED").contains("shared memory " + directory);
    }

    @Test
    void statusShowsWhereTheBoundComesFrom() throws Exception {
        synchronize();
        CtlRun people = CtlRun.of("status", "--run-dir", directory.toString());
        assertThat(people.code()).as(people.err()).isZero();
        assertThat(people.out())
                .containsPattern("status +SYNCHRONIZED")
                .containsPattern("correction +\\S+ .?s")
                .containsPattern("address +" + directory)
                .containsPattern("max clock error +50 ppm");
        JsonNode json =
                CtlRun.of("status", "--json", "--run-dir", directory.toString()).outJson();
        assertThat(json.path("bound").path("now_ns").asLong()).isPositive();
        assertThat(json.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void statusSaysWhyTheClockIsNotSynchronised() throws Exception {
        chronyd.answer(Answer.tracking(TrackingReply.unsynchronized()));
        daemon.start();
        awaitReason("the source is not synchronised: it has no reference");
        assertThat(run("status").code()).isEqualTo(ExitCode.NOT_TRUSTED);
    }

    @Test
    void waitEndsWhenTheClockIsSynchronisedEvenIfTheDaemonComesLater() throws Exception {
        CompletableFuture<CtlRun> wait = CompletableFuture.supplyAsync(() -> run("wait", "--timeout", "100s"));
        chronyd.answer(Answer.tracking());
        daemon.start();
        CtlRun run = wait.get();
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).endsWith("SYNCHRONIZED\n");
    }

    @Test
    void waitTimesOutWithoutTrustOrWithTooWideAnInterval() throws Exception {
        daemon.start();
        awaitReason("no reply");
        CtlRun untrusted = run("wait", "--timeout", "10ms");
        assertThat(untrusted.code()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(untrusted.out()).isEmpty();
        assertThat(untrusted.err())
                .startsWith("clockboundctl wait: not within 10 ms: not synchronised, status UNKNOWN: ")
                .contains("no reply");
        chronyd.answer(Answer.tracking());
        daemon.clock().pollNow();
        assertThat(run("wait", "--timeout", "60s", "--max-bound", "1h", "--json")
                        .outJson()
                        .path("is_trusted")
                        .asBoolean())
                .isTrue();
        CtlRun tooWide = run("wait", "--timeout", "0ms", "--max-bound", "1ns");
        assertThat(tooWide.code()).isEqualTo(1);
        assertThat(tooWide.err()).startsWith("clockboundctl wait: not within 0 ns: the error bound is ");
    }

    @Test
    void timingEndsWithTheCodeOfTheCommandAndTellsHowLongItTook() throws Exception {
        synchronize();
        CtlRun people = run("timing", "sh", "-c", "exit 7");
        assertThat(people.code()).isEqualTo(7);
        assertThat(people.out()).isEmpty();
        assertThat(people.err())
                .matches("earliest start  \\S+Z\nlatest finish   \\S+Z\nexecution time  [0-9.]+ s \\.\\. [0-9.]+ s\n");
        CtlRun json = run("timing", "--json", "--", "true");
        assertThat(json.code()).isZero();
        JsonNode times = json.errJson();
        assertThat(times.path("minimum_ns").asLong())
                .isBetween(1L, times.path("maximum_ns").asLong());
        assertThat(times.path("earliest_start_epoch_ns").asLong())
                .isLessThan(times.path("latest_finish_epoch_ns").asLong());
        assertThat(times.path("exit_code").asInt(-1)).isZero();
    }

    @Test
    void timingDoesNotRunWhatItCannotTime() throws IOException {
        daemon.start();
        Path file = directory.resolve("made");
        CtlRun run = run("timing", "touch", file.toString());
        assertThat(run.code()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(run.err()).startsWith("clockboundctl timing: the clock cannot be trusted: its status is UNKNOWN");
        assertThat(file).doesNotExist();
    }

    @Test
    void timingSaysThatThereIsNoSuchCommand() throws Exception {
        synchronize();
        CtlRun run = run("timing", directory.resolve("nothing").toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("clockboundctl timing: Cannot run program")
                .hasLineCount(1);
    }

    @Test
    void watchWritesALineForEachReadingWhenStandardOutputIsNotATerminal() throws Exception {
        daemon.start();
        assertThat(run("watch", "--count", "2", "--interval", "1ms"))
                .isEqualTo(new CtlRun(0, "-  UNKNOWN\n-  UNKNOWN\n", ""));
        chronyd.answer(Answer.tracking());
        awaitTrust();
        assertThat(run("watch", "--count", "3", "--interval", "1ms").out().lines())
                .hasSize(3)
                .allMatch(line -> line.endsWith("SYNCHRONIZED"));
        assertThat(run("watch", "--count", "3", "--interval", "1ms", "--json")
                        .out()
                        .lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("{\"status\":\"SYNCHRONIZED\""))
                .allMatch(line ->
                        line.contains("\"wall_before_epoch_ns\":") && line.contains("\"wall_after_epoch_ns\":"));
    }

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

    @Test
    void aSocketOfEitherKindCanBeNamed() throws Exception {
        synchronize();
        for (String socket : new String[] {"clockboundd.sock", "clockboundd.stream.sock"}) {
            CtlRun run = CtlRun.of("now", "--socket", directory.resolve(socket).toString());
            assertThat(run.code()).as(run.err()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "shm0"})
    void aSegmentOfEitherLayoutCanBeNamed(String segment) throws Exception {
        synchronize();
        CtlRun run = CtlRun.of(
                "now", "--shm", directory.resolve("shm").resolve(segment).toString());
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void aSocketAndASegmentCannotBothBeTheOnlyWay() {
        CtlRun run = CtlRun.of("now", "--shm", "/a", "--socket", "/b");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--socket=PATH, --shm=PATH are mutually exclusive");
    }

    private void synchronize() throws Exception {
        chronyd.answer(Answer.tracking());
        daemon.start();
        awaitTrust();
    }

    /** Waits until the report has the reason why the clock is not synchronised. */
    private void awaitReason(String reason) {
        while (!run("status").out().contains(reason)) {
            Thread.onSpinWait(); // each round is a request, which takes its time
        }
    }

    private void awaitTrust() throws Exception {
        BoundedInstant now = daemon.clock().waitUntilTrusted(PATIENCE);
        assertThat(now.status().isTrusted()).isTrue();
    }

    private Daemon daemon() {
        DaemonConfig config = Invocation.parse(
                        "-e",
                        "50",
                        "--transport",
                        "datagram,stream,shm",
                        "--run-dir",
                        directory.toString(),
                        "--shm-dir",
                        directory.resolve("shm").toString(),
                        "--time-source-option",
                        "address=" + chronyd.address())
                .config();
        return Guice.createInjector(Stage.PRODUCTION, new DaemonModule(config)).getInstance(Daemon.class);
    }

    /** Runs a command with the daemon's directories behind its name, before anything else. */
    private CtlRun run(String... words) {
        return CtlRun.of(Stream.concat(
                        Stream.of(
                                words[0],
                                "--run-dir",
                                directory.toString(),
                                "--shm-dir",
                                directory.resolve("shm").toString()),
                        Stream.of(words).skip(1))
                .toArray(String[]::new));
    }
}
