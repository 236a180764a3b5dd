/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.ChronyWay.Result;
import io.clockbound.daemon.doctor.SetUp.State;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** Whether this program and the daemon get replies of chronyd. */
class ReachFindingsTest extends WrongSetUps {

    @Test
    void aChronydThatHasEndedAndWasNotCollectedDoesNotRun() throws IOException {
        SetUp setUp = new SetUp(root)
                .way(Result.NOBODY_LISTENS, "connection refused")
                .status(SetUp.CHRONYD, "chronyd", "Z (zombie)", 1, 999, 0);
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.name().equals("chronyd-not-running"));
    }

    @Test
    void chronydIsAskedWhereTheDaemonAsksItOrWasToldTo() throws IOException {
        SetUp setUp = new SetUp(root).reported("source", Map.of("name", "chrony", "peer", "192.0.2.9:323"));
        assertThat(setUp.machine().chronyAddresses()).startsWith("192.0.2.9:323, unix:");
        setUp = new SetUp(root).withoutDaemon();
        assertThat(setUp.machine().chronyAddresses()).startsWith("unix:");
        setUp.file("/etc/clockbound/clockboundd.conf", "holdover = 30s\ntime-source-option = address=[::1]:11323 \n");
        assertThat(setUp.machine().chronyAddresses()).startsWith("[::1]:11323, unix:");
        setUp.daemonOption("--run-dir=" + setUp.runDirectory, "--time-source-option", "address=127.0.0.1:11323");
        assertThat(setUp.machine().chronyAddresses()).startsWith("127.0.0.1:11323, unix:");
    }

    @Test
    void anAddressThatIsNoneInTheConfigurationDoesNotKeepChronydFromBeingAsked() throws IOException {
        SetUp setUp = new SetUp(root)
                .withoutDaemon()
                .file("/etc/clockbound/clockboundd.conf", "time-source-option = address=nonsense\n");
        assertThat(setUp.machine().ask()).hasSize(3);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                fault(
                        "no chronyd runs",
                        it -> it.way(Result.NOBODY_LISTENS, "connection refused")
                                .delete("/proc/" + SetUp.CHRONYD + "/status"),
                        "chronyd-not-running",
                        "systemctl enable --now chrony"),
                fault(
                        "chronyd listens elsewhere",
                        it -> it.way(Result.NOBODY_LISTENS, "connection refused"),
                        "chronyd-elsewhere",
                        "time-source-option = address="),
                fault(
                        "chronyd runs in a container, and not here",
                        it -> it.way(Result.NOBODY_LISTENS, "connection refused")
                                .contained(SetUp.CHRONYD),
                        "chronyd-in-container",
                        "run it in the host's network"),
                fault(
                        "chronyd's socket may not be reached",
                        it -> it.way(Result.DENIED, "permission denied: this user may not enter"),
                        "chronyd-permission",
                        "chrony-socket.conf"),
                fault(
                        "chronyd does not answer this host",
                        it -> it.way(Result.SILENT, "no reply"),
                        "chronyd-silent",
                        "cmdallow"),
                fault(
                        "chronyd is stopped",
                        it -> it.way(Result.SILENT, "no reply")
                                .status(SetUp.CHRONYD, "chronyd", "T (stopped)", 1, 999, 0),
                        "chronyd-stopped",
                        "kill -CONT 100"),
                fault(
                        "the daemon may not use the only socket of chronyd",
                        it -> unanswered(it, "unix:/run/chrony/chronyd.sock, 127.0.0.1:323", "permission denied")
                                .answeringAt("unix:/run/chrony/chronyd.sock"),
                        "daemon-cannot-ask",
                        "chrony-socket.conf"),
                fault(
                        "the daemon asks where no chronyd is",
                        it -> unanswered(it, "192.0.2.7:323", "no reply").answeringAt("127.0.0.1:323"),
                        "daemon-cannot-ask",
                        "time-source-option = address=127.0.0.1:323"),
                fault(
                        "the daemon gets no reply where this program gets one",
                        it -> unanswered(it, "127.0.0.1:323", "no reply").answeringAt("127.0.0.1:323"),
                        "daemon-cannot-ask",
                        "IPAddressAllow"),
                warning(
                        "the daemon gets replies and this program gets none",
                        it -> it.way(Result.NO_SOCKET, "no such socket")
                                .reported("source", Map.of("name", "chrony", "peer", "unix:/run/chrony/chronyd.sock"))
                                .reported("last_poll", Map.of("result", "SYNCHRONIZED")),
                        "cannot-ask-chronyd",
                        "systemctl restart chrony"),
                fault(
                        "opencommands without tracking",
                        it -> it.way(Result.REFUSES, "UNAUTH"),
                        "chronyd-refuses",
                        "opencommands tracking sources"),
                fault(
                        "opencommands without sources",
                        it -> it.state(new State().with(state -> state.refused = Optional.of("UNAUTH"))),
                        "sources-refused",
                        "opencommands tracking sources"));
    }

    private static SetUp unanswered(SetUp setUp, String asked, String reason) {
        return setUp.reported("is_trusted", false)
                .reported("source", Map.of("name", "chrony", "peer", asked))
                .reported("last_poll", Map.of("result", "NO_ANSWER", "detail", asked + ": " + reason));
    }
}
