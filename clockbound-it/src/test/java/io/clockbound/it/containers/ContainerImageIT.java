/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import static io.clockbound.ClockStatus.FREE_RUNNING;
import static io.clockbound.ClockStatus.SYNCHRONIZED;
import static io.clockbound.ClockStatus.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.Deadline;
import io.clockbound.it.Engine;
import io.clockbound.it.Report;
import io.clockbound.it.containers.DaemonContainer.Volumes;
import io.clockbound.it.truth.Observer;
import io.clockbound.it.truth.Scenario;
import io.clockbound.it.truth.TrackingProbe;
import io.clockbound.it.truth.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Container.ExecResult;

/** Our own image beside a chronyd's, and its clients in further containers. */
class ContainerImageIT {

    @TempDir
    private static Path directory;

    private final Volumes volumes = Volumes.create("clockbound-test");
    private TestChronyd server;
    private TestChronyd chronyd;
    private ChronyContainer container;

    @BeforeAll
    static void require() throws Exception {
        Engine.requireProduct();
    }

    @BeforeEach
    void startChronyds() throws Exception {
        Path own = Files.createTempDirectory(directory, "");
        ChronyContainer neighbour = new ChronyContainer(Engine.BASE, own.resolve("server"), null);
        server = neighbour.server();
        server.chronyc("doffset", "0.05");
        server.chronyc("dfreq", "100");
        container = new ChronyContainer(Engine.BASE, own.resolve("chronyd"), neighbour);
        chronyd = container.client();
    }

    @AfterEach
    void endChronyds() {
        chronyd.close();
        server.close();
        volumes.close();
    }

    @Test
    void trueTimeLiesInsideTheIntervalOfAClientOfTheSharedMemory() throws Exception {
        lostAndFound("a client of the shared memory");
    }

    @Test
    void trueTimeLiesInsideTheIntervalOfAClientOfTheSocket() throws Exception {
        lostAndFound("a client of the socket", "--socket", "/run/clockboundd/clockboundd.stream.sock");
    }

    @Test
    void clientsOutliveTheDaemon() throws Exception {
        try (DaemonContainer daemon = new DaemonContainer(container, volumes, "-e", "1");
                ContainerClient client = new ContainerClient(volumes);
                TrackingProbe serverProbe = TrackingProbe.of(server);
                TrackingProbe chronydProbe = TrackingProbe.of(chronyd);
                Observer observer = new Observer(client, serverProbe, chronydProbe)) {
            observer.awaitStatus(SYNCHRONIZED);
            int readings = observer.readings().size();
            daemon.restart();
            assertThat(daemon.ctl("wait", "--timeout", "20s").getExitCode()).isZero();
            observer.awaitStatus(SYNCHRONIZED);
            Deadline.await(
                    () -> "readings after the restart",
                    () -> observer.readings().size() > readings + 300);
            judge(Verdict.of("daemon restarted, client of the memory", observer));
        }
    }

    @Test
    void theProbeTellsWhetherTheClockCanBeTrusted() throws Exception {
        try (DaemonContainer daemon = new DaemonContainer(container, volumes)) {
            daemon.awaitHealth("healthy");
            chronyd.kill();
            daemon.awaitHealth("unhealthy");
        }
    }

    @Test
    void theImageIsReadOnlyAndHasNoProgramButJava() throws Exception {
        try (DaemonContainer daemon = new DaemonContainer(container, volumes)) {
            ExecResult status = daemon.ctl("status", "--json");
            assertThat(status.getExitCode()).as(status.getStderr()).isZero();
            assertThat(daemon.log().lines())
                    .filteredOn(line -> !line.matches(".* WARN  Status.*")) // chronyd may be slow
                    .noneMatch(line -> line.matches(".*(WARN|Exception).*"));
            assertThat(daemon.maps())
                    .contains("/opt/clockbound/lib/", "/opt/clockbound/archive/clockboundd.jsa")
                    .doesNotContain("/tmp/");
        }
        List<String> files = Engine.filesOf(Engine.PRODUCT);
        assertThat(files)
                .contains("opt/clockbound/runtime/bin/java", "opt/clockbound/LICENSE")
                .noneMatch(file -> file.matches("(usr/)?s?bin/.+"));
    }

    private void lostAndFound(String name, String... clientOptions) throws Exception {
        try (DaemonContainer daemon = new DaemonContainer(container, volumes, "-e", "1");
                ContainerClient client = new ContainerClient(volumes, clientOptions);
                TrackingProbe serverProbe = TrackingProbe.of(server);
                TrackingProbe chronydProbe = TrackingProbe.of(chronyd);
                Observer observer = new Observer(client, serverProbe, chronydProbe)) {
            observer.awaitStatus(SYNCHRONIZED);
            observer.observeFor(Duration.ofSeconds(Scenario.seconds(3, 30)));
            chronyd.kill();
            observer.awaitStatus(FREE_RUNNING);
            observer.awaitStatus(UNKNOWN);
            chronyd.restart();
            observer.awaitStatus(SYNCHRONIZED);
            observer.observeFor(Duration.ofSeconds(Scenario.seconds(2, 10)));
            Verdict verdict = Verdict.of(name, observer);
            judge(verdict);
            assertThat(verdict.statuses())
                    .as(daemon.log())
                    .containsExactly(SYNCHRONIZED, FREE_RUNNING, UNKNOWN, SYNCHRONIZED);
        }
    }

    private static void judge(Verdict verdict) throws IOException {
        verdict.report(Report.CONTAINERS);
        assertThat(verdict.misses()).as(verdict.firstMisses()).isZero();
        assertThat(verdict.trusted()).as("trusted readings").isGreaterThan(200);
    }
}
