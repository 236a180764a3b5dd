/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.Program;
import io.clockbound.it.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus beside a real daemon, and what is shipped for it. */
class MonitoringIT {

    private static final String HOST = "127.0.0.1";
    private static final byte[] NOW = {1, 1, 0, 0};

    /** What other exporters export, which do not run here. */
    private static final Pattern OF_OTHERS = Pattern.compile("node_|chrony_");

    private static final Pattern METRIC = Pattern.compile("\\bclockbound_[a-z_]+");

    @TempDir
    private static Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
        Prerequisites.require(
                Programs.find("prometheus").isPresent()
                        && Programs.find("promtool").isPresent(),
                "prometheus and promtool are not on this machine: install the package prometheus");
    }

    @Test
    void theAlertsAreRightAndFireWhenTheyShould() throws Exception {
        Path rules = monitoring().resolve("clockbound-alerts.yaml");
        assertThat(promtool("check", "rules", rules.toString())).contains("SUCCESS: 9 rules found");
        assertThat(promtool(
                        "test",
                        "rules",
                        monitoring().resolve("clockbound-alerts-test.yaml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void eachAlertHasAPageInTheRunbook() throws Exception {
        String runbook = Files.readString(Prerequisites.home().resolve("docs/RUNBOOK.md"));
        List<String> alerts = Files.readAllLines(monitoring().resolve("clockbound-alerts.yaml")).stream()
                .filter(line -> line.contains("- alert: "))
                .map(line -> line.substring(line.indexOf(": ") + 2))
                .toList();
        assertThat(alerts).hasSize(9).allSatisfy(alert -> assertThat(runbook).contains("\n## " + alert + "\n"));
    }

    @Test
    void prometheusScrapesTheDaemonAndEveryQueryOfTheDashboardsHasAResult() throws Exception {
        int metricsPort = freeTcpPort();
        int prometheusPort = freeTcpPort();
        try (TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = DaemonProcess.start(
                        directory.resolve("run"),
                        chronyd.commandPort(),
                        "--transport",
                        "datagram,stream",
                        "--metrics-address",
                        HOST + ":" + metricsPort)) {
            daemon.awaitSocket();
            try (DatagramClient client = new DatagramClient(directory.resolve("client"), daemon.socket())) {
                client.ask(NOW); // a request type is exported from its first request on
            }
            Process prometheus = startPrometheus(prometheusPort, metricsPort);
            try {
                Deadline.await(
                        () -> "a bound in Prometheus",
                        () -> hasResult(prometheusPort, "rate(clockbound_error_bound_at_poll_seconds_count[10s])"));
                for (String dashboard : List.of("clockbound-host.json", "clockbound-fleet.json")) {
                    for (String query : queries(dashboard)) {
                        Deadline.await(() -> "a result of " + query, () -> hasResult(prometheusPort, query));
                    }
                }
                Set<String> exported = exported(metricsPort);
                assertThat(exported)
                        .containsAll(metricsOf("clockbound-alerts.yaml").stream()
                                .filter(name -> !name.equals("clockbound_up")) // of the file for node_exporter
                                .toList());
                String shown = String.join(" ", queries("clockbound-host.json"));
                assertThat(exported)
                        .as("each metric is on the dashboard of a host")
                        .allSatisfy(name -> assertThat(shown).contains(name.replaceFirst("_(bucket|sum|count)$", "")));
                promtoolCheck(get("http://" + HOST + ":" + metricsPort + "/metrics"));
            } finally {
                prometheus.destroy();
                prometheus.waitFor();
            }
        }
    }

    @Test
    void theFileForNodeExporterIsRightThoughTheDaemonServesNoMetrics() throws Exception {
        Path file = directory.resolve("clockbound.prom");
        Path run = directory.resolve("run-without");
        try (TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = DaemonProcess.start(run, chronyd.commandPort())) {
            daemon.awaitSocket();
            Deadline.await(() -> "a bound in the file", () -> {
                assertThat(write(file, run)).isZero();
                return Files.readString(file).contains("\nclockbound_error_bound_seconds ");
            });
            promtoolCheck(Files.readString(file));
        }
        assertThat(write(file, run)).isEqualTo(4);
        assertThat(file).content().contains("clockbound_up 0").doesNotContain("bound_seconds");
        promtoolCheck(Files.readString(file));
    }

    private static int write(Path file, Path run) throws Exception {
        return DaemonProcess.run(
                        Prerequisites.home().resolve("bin/clockboundctl"),
                        "metrics",
                        "--output",
                        file.toString(),
                        "--run-dir",
                        run.toString())
                .exitCode();
    }

    /** The names, units and help texts are those that Prometheus' own checker asks for. */
    private static void promtoolCheck(String metrics) throws Exception {
        Path exposition = Files.writeString(directory.resolve("metrics"), metrics);
        String said = Program.run(List.of("sh", "-c", "promtool check metrics <" + exposition + " 2>&1 || true"));
        assertThat(said.lines().filter(line -> !line.contains("_ppm")).toList()).isEmpty();
    }

    private static Process startPrometheus(int port, int metricsPort) throws IOException {
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [%s]
                scrape_configs:
                  - job_name: clockbound
                    static_configs: [{targets: ['%s:%d']}]
                """.formatted(
                        monitoring().resolve("clockbound-alerts.yaml"), HOST, metricsPort));
        return new ProcessBuilder(
                        Programs.find("prometheus").orElseThrow().toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=" + HOST + ":" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    /** Returns the queries of a dashboard as Grafana would send them for this host. */
    private static List<String> queries(String dashboard) throws IOException {
        List<String> queries = new ArrayList<>();
        for (JsonNode panel : new ObjectMapper()
                .readTree(monitoring().resolve(dashboard).toFile())
                .path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String query =
                        target.path("expr").asText().replace("$host", HOST).replace("$__rate_interval", "10s");
                if (!OF_OTHERS.matcher(query).find()) {
                    queries.add(query);
                }
            }
        }
        assertThat(queries).hasSizeGreaterThan(5);
        return queries;
    }

    private static boolean hasResult(int port, String query) {
        try {
            String reply = get("http://" + HOST + ":" + port + "/api/v1/query?query="
                    + URLEncoder.encode(query, StandardCharsets.UTF_8));
            JsonNode json = new ObjectMapper().readTree(reply);
            assertThat(json.path("status").asText()).as(query + ": " + reply).isEqualTo("success");
            return !json.path("data").path("result").isEmpty();
        } catch (IOException | InterruptedException e) {
            return false; // Prometheus does not listen yet
        }
    }

    private static Set<String> metricsOf(String file) throws IOException {
        Set<String> names = new TreeSet<>();
        METRIC.matcher(Files.readString(monitoring().resolve(file)))
                .results()
                .forEach(match -> names.add(match.group()));
        assertThat(names).isNotEmpty();
        return names;
    }

    private static Set<String> exported(int metricsPort) throws Exception {
        Set<String> names = new TreeSet<>();
        METRIC.matcher(get("http://" + HOST + ":" + metricsPort + "/metrics"))
                .results()
                .forEach(match -> names.add(match.group()));
        return names;
    }

    private static String get(String uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String promtool(String... words) throws Exception {
        List<String> line =
                new ArrayList<>(List.of(Programs.find("promtool").orElseThrow().toString()));
        line.addAll(List.of(words));
        return Program.run(line);
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path monitoring() {
        return Prerequisites.home().resolve("monitoring");
    }
}
