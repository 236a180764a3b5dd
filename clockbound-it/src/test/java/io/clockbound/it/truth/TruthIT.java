/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.clockbound.ClockStatus;
import io.clockbound.daemon.demo.PrivateChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.SegmentClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The promise: whenever the status is trusted, true time lies inside the interval. */
class TruthIT {

    /** Two processors are enough for so many at a time. */
    private static final ExecutorService STAGES = Executors.newFixedThreadPool(4);

    private static final Duration UNTIL_SYNCHRONIZED = Duration.ofSeconds(20);
    private static final Path TARGET = Path.of("target");

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
    List<DynamicTest> trueTimeLiesInsideTheInterval() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Scenario scenario : Scenario.all()) {
            Future<Verdict> verdict = STAGES.submit(() -> play(scenario));
            tests.add(dynamicTest(scenario.name(), () -> judge(scenario, verdict.get())));
        }
        return tests;
    }

    /** The server's time jumps while nobody can hear of it: the instrument has to see that no interval holds it. */
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
        Verdict verdict = STAGES.submit(() -> play(lie)).get();
        assertThat(verdict.misses()).isBetween(verdict.trusted() / 2, verdict.trusted() * 3 / 4);
        assertThat(verdict.firstMisses()).contains("true time -50");
    }

    private static void judge(Scenario scenario, Verdict verdict) throws IOException {
        TruthTable.add(verdict);
        assertThat(verdict.misses()).as(verdict.firstMisses()).isZero();
        assertThat(verdict.statuses()).isEqualTo(scenario.statuses());
        assertThat(verdict.trusted()).as("trusted readings").isGreaterThan(200);
    }

    private static Verdict play(Scenario scenario) throws Exception {
        try (PrivateChronyd server = PrivateChronyd.server();
                UdpPath path = new UdpPath(server.ntpPort())) {
            for (String command : scenario.before()) {
                server.chronyc(command.split(" "));
            }
            Optional<Duration> delay = scenario.delayToServer();
            delay.ifPresent(toServer -> path.delay(toServer, Duration.ZERO));
            int port = delay.isPresent() ? path.port() : server.ntpPort();
            try (PrivateChronyd chronyd = PrivateChronyd.client(port, "maxclockerror " + scenario.maxClockErrorPpm())) {
                return observe(scenario, server, path, chronyd);
            }
        }
    }

    private static Verdict observe(Scenario scenario, PrivateChronyd server, UdpPath path, PrivateChronyd chronyd)
            throws Exception {
        Path own = Files.createTempDirectory(directory, "");
        String ppm = Integer.toString(scenario.maxClockErrorPpm());
        try (DaemonProcess daemon = DaemonProcess.start(
                                own.resolve("run"),
                                chronyd.commandPort(),
                                "--transport",
                                "shm",
                                "--shm-dir",
                                own.resolve("shm").toString(),
                                "-e",
                                ppm,
                                "--level",
                                "1")
                        .awaitSocket();
                SegmentClient client = SegmentClient.of(own.resolve("shm/shm0"));
                TrackingProbe serverProbe = new TrackingProbe(server.commandPort());
                TrackingProbe chronydProbe = new TrackingProbe(chronyd.commandPort());
                Observer observer = new Observer(client, serverProbe, chronydProbe)) {
            try {
                observer.awaitStatus(ClockStatus.SYNCHRONIZED, UNTIL_SYNCHRONIZED);
                scenario.script().play(new Stage(own, server, chronyd, List.of(path), daemon, observer));
                return Verdict.of(scenario.name(), observer);
            } finally {
                // every poll is in it: what one needs to understand a miss
                Files.writeString(TARGET.resolve(scenario.name().replace(' ', '-') + ".log"), daemon.log());
            }
        }
    }
}
