/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.Engine;
import io.clockbound.it.Report;
import io.clockbound.it.truth.Plays;
import io.clockbound.it.truth.Stage;
import io.clockbound.it.truth.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The promise, with the daemon on the host and the chronyd that it asks in a container, whose directory is mounted. */
class ContainerTruthIT {

    @TempDir
    private static Path directory;

    @BeforeAll
    static void require() throws Exception {
        Engine.require();
    }

    @TestFactory
    List<DynamicTest> trueTimeLiesInsideTheInterval() {
        return Plays.tests(
                ContainerScenario.all(), ContainerScenario::name, ContainerTruthIT::play, ContainerTruthIT::judge);
    }

    private static void judge(ContainerScenario scenario, Verdict verdict) {
        assertThat(verdict.misses()).as(verdict.firstMisses()).isZero();
        assertThat(scenario.statuses()).contains(verdict.statuses());
        assertThat(verdict.trusted()).as("trusted readings").isGreaterThan(200);
    }

    private static Verdict play(ContainerScenario scenario) throws Exception {
        Path own = Files.createTempDirectory(directory, "");
        ChronyContainer neighbour = new ChronyContainer(scenario.image(), own.resolve("server"), null);
        try (TestChronyd server = neighbour.server()) {
            for (String command : scenario.before()) {
                server.chronyc(command.split(" "));
            }
            ChronyContainer container = new ChronyContainer(scenario.image(), own.resolve("chronyd"), neighbour);
            try (TestChronyd chronyd = container.client()) {
                return Stage.play(
                        scenario.name() + ", chrony " + container.version(),
                        Report.CONTAINERS,
                        own,
                        List.of(server, chronyd),
                        List.of(),
                        List.of("-e", "1"),
                        Stage.SOCKET,
                        stage -> {
                            stage.await(ClockStatus.SYNCHRONIZED);
                            scenario.script().play(stage, container);
                        });
            }
        }
    }
}
