/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Stage;
import io.clockbound.daemon.Daemon;
import io.clockbound.daemon.DaemonModule;
import io.clockbound.daemon.config.Invocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;

/** The daemon, its sockets and its segments. */
class ServingFindingsTest extends WrongSetUps {

    @Test
    void aUserWithoutANameIsNotToldToRunUsermod() {
        assertThat(ServingChecks.admission("alice", "clockbound")).isEqualTo("usermod -a -G clockbound alice");
        assertThat(ServingChecks.admission("?", "clockbound"))
                .contains("group clockbound")
                .doesNotContain("?");
    }

    @Test
    void aSegmentOfADaemonThatRunsIsNotCalledThatOfOneThatHasEnded() throws IOException {
        SetUp setUp = new SetUp(root);
        setUp.withoutDaemon().daemonOption("--run-dir=" + setUp.runDirectory);
        leaveSegments(setUp.shmDirectory);
        assertThat(Doctor.findings(setUp.machine()))
                .filteredOn(finding -> finding.name().equals("segment-old"))
                .hasSize(2)
                .allMatch(finding -> finding.fact().endsWith(" was not renewed by the daemon, process 200."));
    }

    private void leaveSegments(Path directory) throws IOException {
        String[] options = {
            "--run-dir=" + root.resolve("b"),
            "--shm-dir=" + directory,
            "--time-source-option=address=unix:" + root.resolve("nobody.sock")
        };
        try (Daemon daemon = Guice.createInjector(
                        Stage.PRODUCTION,
                        new DaemonModule(Invocation.parse(options).config()))
                .getInstance(Daemon.class)) {
            daemon.start();
        }
    }

    @Test
    void aClockThatRunsFreeIsTrustedForAsLongAsTheDaemonReports() throws IOException {
        SetUp setUp = new SetUp(root)
                .reported("status", "FREE_RUNNING")
                .reported("why", "no source of chronyd answers any more")
                .reported("bound", Map.of("trust_ends_in_ns", 3_999_999_999L));
        assertThat(Doctor.findings(setUp.machine()))
                .filteredOn(finding -> finding.name().equals("free-running"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.fact()).contains("no source of chronyd answers any more");
                    assertThat(finding.consequence()).contains("ends in 3 s");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "clockbound, true, usermod -a -G clockbound alice",
        "clockbound, false, socket-mode",
        "root, true, socket-mode"
    })
    void aUserIsAddedToTheGroupOfASocketOnlyWhereThatOpensItAndNothingElse(
            String group, boolean isForGroup, String remedy) {
        assertThat(ServingChecks.admission("alice", group, isForGroup)).startsWith(remedy);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                warning("no daemon", SetUp::withoutDaemon, "no-daemon", "systemctl enable --now clockboundd"),
                warning(
                        "the daemon serves elsewhere",
                        it -> it.withoutDaemon().daemonOption("--run-dir=/else"),
                        "daemon-elsewhere",
                        "--run-dir /else"),
                warning(
                        "the daemon runs in a container, and none here",
                        it -> it.withoutDaemon().daemonOption().contained(SetUp.DAEMON),
                        "daemon-in-container",
                        "Ask as root with --run-dir "),
                fault(
                        "the daemon does not answer",
                        it -> it.withoutDaemon().daemonOption("--run-dir=" + it.runDirectory),
                        "daemon-does-not-answer",
                        "systemctl restart clockboundd"),
                fault(
                        "the daemon's sockets were removed",
                        it -> it.withoutDaemon()
                                .daemonOption("--run-dir=" + it.runDirectory)
                                .file("/run/clockboundd/clockboundd.pid", "200")
                                .file("/proc/net/unix", "0: 2 0 0 2 1 88 " + it.runDirectory + "/clockboundd.sock\n"),
                        "daemon-does-not-answer",
                        "systemctl restart clockboundd"),
                fault(
                        "the daemon is stopped",
                        it -> it.withoutDaemon()
                                .daemonOption("--run-dir=" + it.runDirectory)
                                .status(SetUp.DAEMON, "java", "T (stopped)", 1, 999, 0),
                        "daemon-stopped",
                        "kill -CONT 200"),
                warning(
                        "the daemon does not serve all that it should",
                        it -> it.reported(
                                "warnings",
                                List.of("Not serving metrics: metrics-address :9911 cannot be bound: choose a free"
                                        + " port")),
                        "not-serving",
                        "systemctl restart clockboundd"),
                warning(
                        "the daemon warns of something",
                        it -> it.reported("warnings", List.of("Configuration not reloaded: line 3: 'x' is no option")),
                        "daemon-warns",
                        "Do what the warning says"),
                fault(
                        "the daemon's clock is not trusted",
                        it -> it.reported("is_trusted", false).reported("why", "chronyd is silent"),
                        "not-trusted",
                        "clockboundctl wait"),
                warning(
                        "the daemon's clock runs free",
                        it -> it.reported("status", "FREE_RUNNING")
                                .reported("last_poll", Map.of("result", "FREE_RUNNING")),
                        "free-running",
                        "chronyc sources"),
                warning(
                        "the daemon's clock runs free because chronyd is silent",
                        it -> it.reported("status", "FREE_RUNNING")
                                .reported("last_poll", Map.of("result", "NO_ANSWER")),
                        "free-running",
                        "Do what the faults above"),
                warning(
                        "polls are too far apart",
                        it -> it.reported("status", "FREE_RUNNING")
                                .reported("last_poll", Map.of("result", "SYNCHRONIZED")),
                        "free-running",
                        "poll-interval of at most 5s"),
                warning(
                        "two daemons",
                        it -> it.process(
                                201, "java", "java", "io.clockbound.daemon.ClockBoundDaemon", "--run-dir", "/b"),
                        "second-daemon",
                        "systemctl status PID"),
                warning(
                        "an oscillator that is too good to be true",
                        it -> it.setting("max_clock_error_ppb", 1000L),
                        "max-clock-error-small",
                        "max_clock_error = 15"),
                fault(
                        "a socket that a killed daemon left",
                        it -> it.withoutDaemon().file("/run/clockboundd/clockboundd.sock", ""),
                        "socket-left-behind",
                        "systemctl start clockboundd"),
                fault(
                        "a segment that was deleted",
                        it -> it.reported("transports", Map.of("shm", Map.of("address", "x"))),
                        "segment-missing",
                        "systemctl restart clockboundd"),
                fault(
                        "a container that sees the sockets and not the segments",
                        it -> it.reported("transports", Map.of("shm", Map.of("address", it.shmDirectory + "/shm0")))
                                .contained(SetUp.DAEMON),
                        "segment-missing",
                        "mount that directory of the daemon's into it, as its run directory is"),
                fault(
                        "a segment that others may write",
                        it -> writable(it.file("/run/clockbound/shm0", "x")),
                        "segment-writable",
                        "chmod 644"),
                warning(
                        "a segment that is none",
                        it -> it.file("/run/clockbound/shm0", "nothing of the kind"),
                        "segment-unusable",
                        "rm "),
                fault(
                        "ClockBound 3",
                        it -> it.file("/run/clockbound/shm1", ""),
                        "clockbound-3",
                        "systemctl disable --now clockbound"),
                fault(
                        "another writer of shm0",
                        it -> it.process(300, "clockbound", "/usr/bin/clockbound", "--max-drift-rate", "50"),
                        "other-writer",
                        "systemctl disable --now clockbound"));
    }

    private static void writable(SetUp setUp) {
        try {
            Files.setPosixFilePermissions(
                    setUp.shmDirectory.resolve("shm0"), PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
