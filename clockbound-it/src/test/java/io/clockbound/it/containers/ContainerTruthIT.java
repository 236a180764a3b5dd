/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.clockbound.ClockStatus;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Engine;
import io.clockbound.it.truth.Observer;
import io.clockbound.it.truth.TrackingProbe;
import io.clockbound.it.truth.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The promise, with the daemon on the host and the chronyd that it asks in a container, whose directory is mounted. */
class ContainerTruthIT {

    /** Two processors are enough for so many at a time. */
    private static final ExecutorService STAGES = Executors.newFixedThreadPool(3);

    private static final Duration UNTIL_SYNCHRONIZED = Duration.ofSeconds(20);
    private static final List<String> ROWS = new ArrayList<>(List.of(Verdict.heading()));

    @TempDir
    private static Path directory;

    @BeforeAll
    static void require() throws Exception {
        Engine.require();
    }

    @AfterAll
    static void report() throws IOException {
        STAGES.shutdownNow();
        if (ROWS.size() > 1) { // not skipped
            Engine.report("the daemon on the host, chronyd in a container", ROWS);
        }
    }

    @TestFactory
    List<DynamicTest> trueTimeLiesInsideTheInterval() {
        List<DynamicTest> tests = new ArrayList<>();
        for (ContainerScenario scenario : ContainerScenario.all()) {
            Future<Verdict> verdict = STAGES.submit(() -> play(scenario));
            tests.add(dynamicTest(scenario.name(), () -> judge(scenario, verdict.get())));
        }
        return tests;
    }

    private static void judge(ContainerScenario scenario, Verdict verdict) {
        ROWS.add(verdict.row());
        assertThat(verdict.misses()).as(verdict.firstMisses()).isZero();
        assertThat(scenario.statuses()).contains(verdict.statuses());
        assertThat(verdict.trusted()).as("trusted readings").isGreaterThan(200);
    }

    private static Verdict play(ContainerScenario scenario) throws Exception {
        Path own = Files.createTempDirectory(directory, "");
        try (ChronyContainer server = ChronyContainer.server(scenario.image(), own.resolve("server"))) {
            for (String command : scenario.before()) {
                server.chronyc(command.split(" "));
            }
            try (ChronyContainer chronyd = ChronyContainer.client(scenario.image(), own.resolve("chronyd"), server)) {
                return observe(scenario, own, server, chronyd);
            }
        }
    }

    private static Verdict observe(
            ContainerScenario scenario, Path own, ChronyContainer server, ChronyContainer chronyd) throws Exception {
        String name = scenario.name() + ", chrony " + chronyd.version();
        try (DaemonProcess daemon = DaemonProcess.start(own.resolve("run"), chronyd.socket(), "-e", "1", "--level", "1")
                        .awaitSocket();
                DatagramClient client = new DatagramClient(own.resolve("client"), daemon.socket());
                TrackingProbe serverProbe = new TrackingProbe(server.socket());
                TrackingProbe chronydProbe = new TrackingProbe(chronyd.socket());
                Observer observer = new Observer(client, serverProbe, chronydProbe)) {
            try {
                observer.awaitStatus(ClockStatus.SYNCHRONIZED, UNTIL_SYNCHRONIZED);
                scenario.script().play(new ContainerStage(chronyd, observer));
                return Verdict.of(name, observer);
            } finally {
                // every poll is in it: what one needs to understand a miss
                Files.writeString(Path.of("target", name.replaceAll("[ ,]+", "-") + ".log"), daemon.log());
            }
        }
    }
}
