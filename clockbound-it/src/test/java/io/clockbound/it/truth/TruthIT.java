/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The promise: whenever the status is trusted, true time lies inside the interval. */
class TruthIT {

    @TempDir
    private static Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @TestFactory
    List<DynamicTest> trueTimeLiesInsideTheInterval() {
        return Plays.tests(Scenario.all(), Scenario::name, TruthIT::play, TruthIT::judge);
    }

    /** The server's time jumps while the path is cut: the test has to see that no interval contains it. */
    @Test
    void anIntervalWithoutTrueTimeIsSeen() throws Exception {
        Scenario lie = new Scenario(
                "true time jumps unheard",
                1,
                List.of(),
                Optional.of(Duration.ZERO),
                stage -> {
                    stage.go(1);
                    stage.path().cut();
                    stage.command("doffset", "0.05");
                    stage.go(2);
                },
                List.of(ClockStatus.SYNCHRONIZED));
        Verdict verdict = play(lie);
        assertThat(verdict.misses()).isBetween(100, verdict.trusted() - 50);
        assertThat(verdict.firstMisses()).contains("true time -50");
    }

    private static void judge(Scenario scenario, Verdict verdict) {
        assertThat(verdict.misses()).as(verdict.firstMisses()).isZero();
        assertThat(verdict.statuses()).isEqualTo(scenario.statuses());
        assertThat(verdict.trusted()).as("trusted readings").isGreaterThan(200);
    }

    private static Verdict play(Scenario scenario) throws Exception {
        try (TestChronyd server = TestChronyd.server();
                UdpPath path = new UdpPath(server.ntpPort())) {
            for (String command : scenario.before()) {
                server.chronyc(command.split(" "));
            }
            Optional<Duration> delay = scenario.delayToServer();
            delay.ifPresent(toServer -> path.delay(toServer, Duration.ZERO));
            int port = delay.isPresent() ? path.port() : server.ntpPort();
            try (TestChronyd chronyd = TestChronyd.client(port, "maxclockerror " + scenario.maxClockErrorPpm())) {
                return Stage.play(
                        scenario.name(),
                        Report.TRUTH,
                        Files.createTempDirectory(directory, ""),
                        List.of(server, chronyd),
                        List.of(path),
                        List.of("-e", Integer.toString(scenario.maxClockErrorPpm())),
                        Stage.MEMORY,
                        stage -> {
                            stage.await(ClockStatus.SYNCHRONIZED);
                            scenario.script().play(stage);
                        });
            }
        }
    }
}
