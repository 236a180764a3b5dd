/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.order.Postgres;
import io.clockbound.order.HybridTimestamp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample service as processes, beside a real chronyd and a real PostgreSQL. */
@Timeout(600)
class SampleServiceIT {

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Postgres postgres;
    private TestChronyd chronyd;

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
        Prerequisites.require(
                Postgres.find().isPresent(), "PostgreSQL is not on this machine: install the package postgresql");
    }

    @BeforeEach
    void start() throws Exception {
        TestChronyd server = started(TestChronyd.server());
        chronyd = started(TestChronyd.client(server.ntpPort()));
        postgres = started(Postgres.start());
        try (var schema = Objects.requireNonNull(SampleService.class.getResourceAsStream("schema.sql"))) {
            postgres.execute(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void end() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    @Test
    void aWriteIsAnsweredOnceItsTimestampHasPassedSoTimestampsOfTwoHostsAscend() throws Exception {
        List<Service> services = List.of(service("one", chronyd.address()), service("two", chronyd.address()));
        List<HybridTimestamp> timestamps = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            HttpResponse<String> written = services.get(i % 2).put("/notes/" + i, "text " + i);
            assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
            HybridTimestamp timestamp = HybridTimestamp.parse(written.body().trim());
            assertThat(timestamp.epochNanos())
                    .as("the time of the server, which has the clock of this machine")
                    .isLessThan(LocalClock.system().epochNanos());
            timestamps.add(timestamp);
            assertThat(services.get((i + 1) % 2).get("/notes/" + i).body()).isEqualTo("text " + i + "\n");
        }
        assertThat(timestamps).isSorted().doesNotHaveDuplicates();
        assertThat(services.get(0).get("/metrics").body()).contains("sample_commits_total 20", "error_bound_seconds");
    }

    @Test
    void oneHostDoesTheJobUntilItEndsAndThenTheOther() throws Exception {
        Service first = service("one", chronyd.address());
        Deadline.await(() -> "the first count", () -> first.counts() > 0);
        Service second = service("two", chronyd.address());
        long before = first.counts();
        Deadline.await(() -> "more counts", () -> first.counts() > before + 2);
        assertThat(second.counts()).isZero();
        first.close();
        Deadline.await(() -> "a count of the other", () -> second.counts() > 0);
    }

    @Test
    void withoutTrustItSaysSoAndWritesNothing() throws Exception {
        Service service = service("one", chronyd.address());
        assertThat(service.put("/notes/before", "kept").statusCode()).isEqualTo(200);
        chronyd.kill();
        Deadline.await(() -> "the end of trust", () -> service.get("/readyz").statusCode() == 503);
        assertThat(service.get("/readyz").body()).contains("UNKNOWN");
        assertThat(service.put("/notes/after", "lost").statusCode()).isEqualTo(503);
        assertThat(service.get("/notes/after").statusCode()).isEqualTo(404);
        assertThat(service.get("/notes/before").body()).isEqualTo("kept\n");
        assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(service.get("/metrics").body()).doesNotContain("error_bound_seconds");
        chronyd.restart();
        Deadline.await(() -> "trust", () -> service.get("/readyz").statusCode() == 200);
        assertThat(service.put("/notes/after", "written").statusCode()).isEqualTo(200);
    }

    @Test
    void whereItCannotAskChronydItAsksTheDaemon() throws Exception {
        DaemonProcess daemon = started(DaemonProcess.start(
                List.of(),
                directory.resolve("run"),
                "--shm-dir",
                directory.resolve("shm").toString(),
                "--time-source-option",
                "address=" + chronyd.address()));
        daemon.awaitSocket();
        Deadline.await(() -> "synchronisation", () -> daemon.status().contains("SYNCHRONIZED"));
        Service service = service("one", "127.0.0.1:" + TestChronyd.freeUdpPort());
        assertThat(service.get("/metrics").body()).contains("# shared memory " + directory);
        assertThat(service.put("/notes/one", "text").statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatItDoesNotServeIsToldWhy() throws Exception {
        Service service = service("one", chronyd.address());
        assertThat(service.get("/elsewhere").statusCode()).isEqualTo(400);
        assertThat(service.put("/notes/large", "x".repeat(65_537)).body()).contains("65536 bytes at most");
        assertThat(service.send(service.request("/notes/one").DELETE()).statusCode())
                .isEqualTo(405);
    }

    private <T extends AutoCloseable> T started(T part) {
        running.push(part);
        return part;
    }

    private Service service(String name, String chronydAddress) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SampleService.class.getName(),
                        name,
                        Integer.toString(port),
                        postgres.url(),
                        chronydAddress,
                        directory.resolve("run").toString(),
                        directory.resolve("shm").toString())
                .inheritIO()
                .start();
        Service service = started(new Service(process, client, URI.create("http://127.0.0.1:" + port)));
        Deadline.await(() -> "the service " + name, () -> {
            assertThat(process.isAlive()).isTrue();
            return service.isAnswering();
        });
        return service;
    }

    /** A process of the sample. */
    private record Service(Process process, HttpClient client, URI address) implements AutoCloseable {

        HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(address.resolve(path));
        }

        HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return send(request(path));
        }

        HttpResponse<String> put(String path, String text) throws IOException, InterruptedException {
            return send(request(path).PUT(HttpRequest.BodyPublishers.ofString(text)));
        }

        boolean isAnswering() throws InterruptedException {
            try {
                return get("/readyz").statusCode() == 200;
            } catch (IOException e) {
                return false; // it is starting
            }
        }

        long counts() throws IOException, InterruptedException {
            return get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("sample_counts_total "))
                    .mapToLong(line -> Long.parseLong(line.substring("sample_counts_total ".length())))
                    .sum();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
