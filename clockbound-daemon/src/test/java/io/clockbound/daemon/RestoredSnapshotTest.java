/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Stage;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import io.clockbound.testing.FakeVmClock;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/**
 * A machine that was restored from a snapshot: its clocks go on as if nothing had been, only the hypervisor's page shows it, and
 * the next poll is a minute away.
 */
@Timeout(60)
class RestoredSnapshotTest {

    @TempDir
    Path directory;

    private ScriptedChronyd chronyd;
    private FakeVmClock hypervisor;
    private Daemon daemon;
    private int port;

    @BeforeEach
    void synchronize() throws Exception {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
        chronyd = ScriptedChronyd.onUdp();
        chronyd.answer(Answer.tracking());
        Path page = directory.resolve("vmclock0");
        hypervisor = FakeVmClock.create(page, 1, 1);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Invocation invocation = Invocation.parse(
                "-e",
                "50",
                "--run-dir",
                directory.toString(),
                "--shm-dir",
                directory.toString(),
                "--time-source-option",
                "address=" + chronyd.address(),
                "--poll-interval",
                "60s",
                "--vmclock",
                page.toString(),
                "--metrics-address",
                "127.0.0.1:" + port);
        daemon = Guice.createInjector(Stage.PRODUCTION, new DaemonModule(invocation.config()))
                .getInstance(Daemon.class);
        daemon.start();
        while (get("/readyz").statusCode() != 200) {
            daemon.clock().pollNow();
        }
        hypervisor.set(1, 2);
    }

    @AfterEach
    void end() throws IOException {
        daemon.close();
        chronyd.close();
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void theStatusReportHasNoIntervalOfTheTimeBefore() throws IOException {
        Map<String, Object> status = Json.read(ClockBoundClients.status(directory));
        assertThat(status).containsEntry("status", "DISRUPTED").containsEntry("is_trusted", false);
        assertThat(status).doesNotContainKeys("interval", "bound");
    }

    @Test
    void aScrapeHasNoSampleOfTheBoundOfTheTimeBefore() throws Exception {
        assertThat(get("/metrics").body())
                .contains("clockbound_status{status=\"DISRUPTED\"} 1.0")
                .doesNotContain("clockbound_error_bound_seconds");
    }

    @Test
    void theDaemonIsNotReady() throws Exception {
        HttpResponse<String> response = get("/readyz");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).startsWith("DISRUPTED");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
