/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.Report;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The promise where chronyd's report of tracking excludes true time: the bound has to rest on what was measured. */
class MeasuredBoundIT {

    /** Servers are reached from 127.0.0.2 on. */
    private static final int FIRST_ADDRESS = 2;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @TestFactory
    List<DynamicTest> trueTimeLiesInsideTheIntervalWhateverChronydBelieves() {
        return Plays.tests(
                MeasuredScenario.all(), MeasuredScenario::name, MeasuredBoundIT::play, MeasuredBoundIT::judge);
    }

    /** Nothing shows that the server lies: the test has to see that no interval contains true time. */
    @Test
    void theIntervalsOfALiarDoNotHoldTrueTime() throws Exception {
        try (TestChronyd liar = TestChronyd.server()) {
            MeasuredScenario lie = new MeasuredScenario(
                    "the only server lies by 50 ms",
                    List.of("doffset -0.05"),
                    List.of(),
                    List.of("server 127.0.0.1 port " + liar.ntpPort() + " minpoll -2 maxpoll 0 iburst"),
                    List.of(),
                    0,
                    stage -> {
                        stage.await(ClockStatus.SYNCHRONIZED);
                        stage.go(2);
                    });
            Verdict verdict = play(lie);
            assertThat(verdict.trusted()).isGreaterThan(200);
            assertThat(verdict.misses()).isEqualTo(verdict.trusted());
            assertThat(verdict.firstMisses()).contains("true time +50");
        }
    }

    private static void judge(MeasuredScenario scenario, Verdict verdict) {
        assertThat(verdict.misses()).as(verdict.firstMisses()).isZero();
        assertThat(verdict.trusted() * 100L)
                .as("trusted readings of " + verdict.readings())
                .isGreaterThanOrEqualTo(verdict.readings() * (long) scenario.leastTrustedPercent());
        if (scenario.leastTrustedPercent() > 0) {
            assertThat(verdict.trusted()).as("trusted readings").isGreaterThan(200);
        }
    }

    private static Verdict play(MeasuredScenario scenario) throws Exception {
        Path own = Files.createTempDirectory(directory, "");
        List<UdpPath> paths = new ArrayList<>();
        try (TestChronyd server = TestChronyd.server()) {
            for (String command : scenario.before()) {
                server.chronyc(command.split(" "));
            }
            for (MeasuredScenario.Route route : scenario.routes()) {
                String address = "127.0.0." + (FIRST_ADDRESS + paths.size());
                UdpPath path = new UdpPath(new InetSocketAddress(address, 0), server.ntpPort());
                paths.add(path);
                path.delay(route.toServer(), route.toClient());
            }
            List<String> configuration = scenario.configuration(paths, own.toString());
            try (TestChronyd chronyd = TestChronyd.start(0, configuration.toArray(String[]::new))) {
                return Stage.play(
                        scenario.name(),
                        Report.TRUTH,
                        own,
                        List.of(server, chronyd),
                        paths,
                        scenario.daemonOptions(),
                        Stage.MEMORY,
                        scenario.script());
            }
        } finally {
            paths.forEach(UdpPath::close);
        }
    }
}
