/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.chrony.testing.TestChronyd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The doctor on this machine, with chronyds and daemons that a test has started. */
@Timeout(120)
class DoctorCommandTest {

    @TempDir
    Path directory;

    @Test
    void aDaemonThatServesIsSeenWithItsSegmentsAndItsChronyd() throws Exception {
        try (ServedClock clock = new ServedClock(directory)) {
            clock.synchronize();
            CtlRun run = clock.run("doctor", "--chronyd", clock.chronyd.address(), "--json");
            assertThat(names(run))
                    .contains("trusted", "chronyd-answers", "segment")
                    .doesNotContain("could-not-look");
            CtlRun people = clock.run("doctor", "--chronyd", clock.chronyd.address());
            assertThat(people.out())
                    .contains("fine     The daemon serves a trusted clock.\n", "chronyd can be asked: 127.0.0.1:")
                    .containsPattern("\nfaults: \\d+, warnings: \\d+, notes: \\d+, in order: \\d+\n$");
        }
    }

    @Test
    void theSegmentsAreSoughtWhereTheDaemonSaysThatTheyAre() throws Exception {
        try (ServedClock clock = new ServedClock(directory)) {
            clock.synchronize();
            CtlRun run = CtlRun.of("doctor", "--chronyd", clock.chronyd.address(), "--json", "--run-dir=" + directory);
            assertThat(names(run)).contains("segment").doesNotContain("segment-missing");
            CtlRun elsewhere = CtlRun.of(
                    "doctor",
                    "--chronyd",
                    clock.chronyd.address(),
                    "--run-dir=" + directory,
                    "--shm-dir=" + directory.resolve("else"));
            assertThat(elsewhere.out())
                    .contains(
                            directory.resolve("else/shm0") + " is not there: the daemon's segments are in "
                                    + directory.resolve("shm"),
                            "Ask with --shm-dir " + directory.resolve("shm"))
                    .doesNotContain("deleted");
        }
    }

    @Test
    void silenceRefusalAndNobodyAreToldApart() throws Exception {
        String address;
        try (ScriptedChronyd chronyd = ScriptedChronyd.onUdp()) {
            address = chronyd.address();
            chronyd.answer(Answer.silence());
            assertThat(names(doctor("--chronyd", address))).contains("chronyd-silent");
            chronyd.answer(Answer.status(2));
            assertThat(names(doctor("--chronyd", address))).contains("chronyd-refuses");
        }
        assertThat(names(doctor("--chronyd", address)))
                .containsAnyOf("chronyd-not-running", "chronyd-elsewhere")
                .doesNotContain("chronyd-silent", "chronyd-refuses");
        CtlRun none = doctor("--chronyd", "unix:" + directory.resolve("none/chronyd.sock"));
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.out()).contains("no such socket");
    }

    @Test
    void whatTheRunningChronydWasToldIsFoundInItsOwnFile() throws Exception {
        assumeTrue(TestChronyd.isInstalled(), "chronyd and chronyc are not installed");
        try (TestChronyd server = TestChronyd.server();
                TestChronyd client = TestChronyd.client(
                        server.ntpPort(), "maxchange 0.1 1 -1", "makestep 1 -1", "maxsamples 2", "local stratum 10")) {
            CtlRun run = doctor("--chronyd", client.unix());
            assertThat(run.code()).isEqualTo(3);
            assertThat(names(run))
                    .contains("chronyd-answers", "chronyd-x", "maxchange", "makestep-always", "maxsamples", "local");
            client.suspend();
            assertThat(names(doctor("--chronyd", client.udp4()))).contains("chronyd-stopped");
            client.resume();
        }
    }

    @Test
    void theDoctorAsksAndWritesNothing() throws Exception {
        try (ScriptedChronyd chronyd = ScriptedChronyd.onUdp()) {
            doctor("--chronyd", chronyd.address());
            assertThat(chronyd.requests())
                    .isNotEmpty()
                    .allSatisfy(request -> assertThat((int) request[5])
                            .as("TRACKING, N_SOURCES or SOURCE_DATA")
                            .isIn(33, 14, 15));
        }
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aWrongAddressIsAWrongCommandLine() {
        CtlRun run = CtlRun.of("doctor", "--chronyd", "nowhere");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("clockboundctl doctor: --chronyd: address 'nowhere'")
                .hasLineCount(1);
    }

    private CtlRun doctor(String... words) {
        String[] all = new String[words.length + 4];
        all[0] = "doctor";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--json";
        all[words.length + 2] = "--run-dir=" + directory;
        all[words.length + 3] = "--shm-dir=" + directory;
        return CtlRun.of(all);
    }

    private static Set<String> names(CtlRun run) throws IOException {
        Set<String> names = new HashSet<>();
        for (JsonNode finding : run.outJson().path("findings")) {
            names.add(finding.path("name").asText());
        }
        return names;
    }
}
