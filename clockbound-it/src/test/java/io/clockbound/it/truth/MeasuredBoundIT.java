/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.clockbound.daemon.demo.PrivateChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.SegmentClient;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The promise where chronyd's report of tracking excludes true time: the bound has to rest on what was measured. */
class MeasuredBoundIT {

    /** Two processors are enough for so many at a time. */
    private static final ExecutorService STAGES = Executors.newFixedThreadPool(4);

    private static final Path TARGET = Path.of("target");

    /** Servers are reached from 127.0.0.2 on. */
    private static final int FIRST_ADDRESS = 2;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @AfterAll
    static void end() {
        STAGES.shutdownNow();
    }

    @TestFactory
    List<DynamicTest> trueTimeLiesInsideTheIntervalWhateverChronydBelieves() {
        List<DynamicTest> tests = new ArrayList<>();
        for (MeasuredScenario scenario : MeasuredScenario.all()) {
            Future<Verdict> verdict = STAGES.submit(() -> play(scenario));
            tests.add(dynamicTest(scenario.name(), () -> judge(scenario, result(verdict))));
        }
        return tests;
    }

    /** Nobody can know that it lies: the instrument has to see that no interval holds true time. */
    @Test
    void theIntervalsOfALiarDoNotHoldTrueTime() throws Exception {
        try (PrivateChronyd liar = PrivateChronyd.server()) {
            MeasuredScenario lie = new MeasuredScenario(
                    "the only server lies by 50 ms",
                    List.of("doffset -0.05"),
                    List.of(),
                    List.of("server 127.0.0.1 port " + liar.ntpPort() + " minpoll -2 maxpoll 0 iburst"),
                    List.of(),
                    0,
                    stage -> {
                        stage.awaitSynchronized();
                        stage.go(2);
                    });
            Verdict verdict = result(STAGES.submit(() -> play(lie)));
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
        try (PrivateChronyd server = PrivateChronyd.server()) {
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
            // -r means nothing but where there is a directory for dumps
            try (PrivateChronyd chronyd = PrivateChronyd.follower(List.of("-r"), configuration)) {
                return observe(scenario, own, server, chronyd, paths);
            }
        } finally {
            paths.forEach(UdpPath::close);
        }
    }

    private static Verdict observe(
            MeasuredScenario scenario, Path own, PrivateChronyd server, PrivateChronyd chronyd, List<UdpPath> paths)
            throws Exception {
        List<String> options = new ArrayList<>(List.of(
                "--transport",
                "shm",
                "--shm-dir",
                own.resolve("shm").toString(),
                "-e",
                "15",
                "--poll-interval",
                "100ms",
                "--level",
                "1"));
        options.addAll(scenario.daemonOptions());
        try (DaemonProcess daemon = DaemonProcess.start(
                                own.resolve("run"), chronyd.commandPort(), options.toArray(String[]::new))
                        .awaitSocket();
                SegmentClient client = SegmentClient.of(own.resolve("shm/shm0"));
                TrackingProbe serverProbe = new TrackingProbe(server.commandPort());
                TrackingProbe chronydProbe = new TrackingProbe(chronyd.commandPort());
                Observer observer = new Observer(client, serverProbe, chronydProbe)) {
            try {
                scenario.script().play(new Stage(own, server, chronyd, paths, daemon, observer));
                return Verdict.of(scenario.name(), observer);
            } finally {
                TruthTable.add(Verdict.of(scenario.name(), observer));
                // every poll is in it: what one needs to understand a miss
                Files.writeString(TARGET.resolve(scenario.name().replaceAll("[ ,]+", "-") + ".log"), daemon.log());
            }
        }
    }

    private static Verdict result(Future<Verdict> verdict) throws Exception {
        try {
            return verdict.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw e;
        }
    }
}
