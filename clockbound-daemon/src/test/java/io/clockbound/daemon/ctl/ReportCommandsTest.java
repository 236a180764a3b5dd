/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.inject.Guice;
import com.google.inject.Stage;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.daemon.Daemon;
import io.clockbound.daemon.DaemonJvm;
import io.clockbound.daemon.DaemonModule;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.Json;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** What a daemon tells of itself, as its commands show it. */
@Timeout(120)
class ReportCommandsTest {

    @TempDir
    Path directory;

    private ScriptedChronyd chronyd;
    private Daemon daemon;

    @BeforeEach
    void synchronize() throws Exception {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
        chronyd = ScriptedChronyd.onUdp();
        chronyd.answer(Answer.tracking());
        Invocation invocation = Invocation.parse(
                "-e",
                "50",
                "--run-dir",
                directory.toString(),
                "--shm-dir",
                directory.resolve("shm").toString(),
                "--time-source-option",
                "address=" + chronyd.address());
        daemon = Guice.createInjector(Stage.PRODUCTION, new DaemonModule(invocation.config()))
                .getInstance(Daemon.class);
        daemon.start();
        daemon.clock().waitUntilTrusted(Duration.ofSeconds(60));
    }

    @AfterEach
    void end() throws IOException {
        daemon.close();
        chronyd.close();
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void statusShowsTheHalfWidthAsASumAndTheSourceByItsAddress() throws Exception {
        CtlRun people = CtlRun.of("status", "--run-dir", directory.toString());
        assertThat(people.out())
                .startsWith("trusted: SYNCHRONIZED for ")
                .containsPattern("\nbound    ± \\S+ .?s  [0-9 ]+ ns = [0-9 ]+ measurement \\+ ");
        Report status = new Report(Json.read(
                CtlRun.of("status", "--json", "--run-dir", directory.toString()).out()));
        assertThat(Formula.terms(status.object("bound")).stream()
                        .mapToLong(Formula.Term::nanos)
                        .sum())
                .isEqualTo(status.object("bound").number("now_ns"));
    }

    @Test
    void statusExplainsItselfInSentences() throws Exception {
        CtlRun people = CtlRun.of("status", "--explain", "--run-dir", directory.toString());
        assertThat(people.code()).isZero();
        assertThat(people.out())
                .startsWith("The clock is trusted: true time lies between ")
                .contains("error of the newest measurement", "The last poll ended ");
    }

    @Test
    void historyHasTheChangesWithTheirReasons() throws Exception {
        CtlRun people = CtlRun.of("history", "--run-dir", directory.toString());
        assertThat(people.code()).as(people.err()).isZero();
        assertThat(people.out()).contains("no minute is over yet").containsPattern("status +UNKNOWN +SYNCHRONIZED");
        JsonNode json = CtlRun.of("history", "--since", "5m", "--json", "--run-dir", directory.toString())
                .outJson();
        assertThat(json.path("changes").get(0).path("to").asText()).isEqualTo("SYNCHRONIZED");
    }

    @Test
    void historyWithoutADaemonIsAFailureWithTheReason() throws IOException {
        CtlRun run = CtlRun.of("history", "--json", "--run-dir", "/nowhere");
        assertThat(run.code()).isEqualTo(ExitCode.NO_DAEMON);
        assertThat(run.outJson().path("error").asText()).contains("/nowhere");
    }

    @Test
    void watchEndsWhenNobodyReadsItsLinesAnyMore() throws Exception {
        Process watch = DaemonJvm.of(
                        ClockBoundCtl.class,
                        List.of(),
                        List.of("watch", "--interval", "10ms", "--run-dir", directory.toString()))
                .start();
        try (BufferedReader lines = watch.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isNotNull();
        }
        assertThat(watch.waitFor()).isEqualTo(ExitCode.FAILED);
    }
}
