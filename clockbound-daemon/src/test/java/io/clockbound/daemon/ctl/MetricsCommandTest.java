/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.Json;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import io.clockbound.daemon.metrics.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** The metrics of a daemon, as a file for node_exporter. */
@Timeout(120)
class MetricsCommandTest {

    private static final String BOUND = "clockbound_error_bound_seconds ";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void choosePlace() {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
        file = directory.resolve("clockbound.prom");
    }

    @AfterEach
    void restoreLog() {
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void namesHelpTextsAndLabelsAreThoseThatTheDaemonServesByHttp() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (ServedClock served = serve("--metrics-address=127.0.0.1:" + port)) {
            served.synchronize();
            while (served.daemon.clock().sources().sources().isEmpty()) {
                LockSupport.parkNanos(10_000_000); // they are asked after the poll, and again 10 s after a failure
            }
            served.run("metrics"); // a request, which the next one shows
            CtlRun run = served.run("metrics");
            assertThat(run.err()).isEmpty();
            assertThat(run.code()).isZero();
            assertThat(run.out())
                    .contains("\nclockbound_status{status=\"SYNCHRONIZED\"} 1.0\n", "\n" + BOUND)
                    .contains("\nclockbound_error_bound_component_seconds{component=\"growth\"} ");
            Set<String> written = withoutValues(run.out());
            Set<String> exported = withoutValues(get("http://127.0.0.1:" + port + "/metrics"));
            assertThat(written).anyMatch(line -> line.startsWith("clockbound_sources{"));
            written.removeIf(line -> line.contains("clockbound_up"));
            assertThat(exported).containsAll(written);
            exported.removeAll(written);
            assertThat(families(exported))
                    .as("what only the daemon can count")
                    .containsExactlyInAnyOrder(
                            "clockbound_clock_steps_total",
                            "clockbound_disruptions_total",
                            "clockbound_error_bound_at_poll_seconds",
                            "clockbound_poll_duration_seconds",
                            "clockbound_polls_total",
                            "clockbound_slews_total",
                            "clockbound_status_seconds_total",
                            "clockbound_status_transitions_total");
            Set<String> shown = new TreeSet<>(families(exported));
            shown.addAll(families(written));
            shown.add(Metric.UP.exportedName());
            assertThat(Arrays.stream(Metric.values()).map(Metric::exportedName).filter(name -> !shown.contains(name)))
                    .as("what neither has before it happened")
                    .containsExactly(Metric.REFERENCE_ERROR_FAILURE.exportedName());
        }
    }

    /** A bound of 0, or the last one, would be taken for a good clock. */
    @Test
    void withoutTrustThereIsNoSampleOfTheBoundAndWritingItIsASuccess() throws Exception {
        try (ServedClock served = serve()) {
            served.synchronize();
            assertThat(served.run("metrics", "--output=" + file).code()).isZero();
            assertThat(file).content().contains("\n" + BOUND);
            served.daemon.clock().beginDisruption();
            while (served.daemon.clock().read().status().isTrusted()) {
                Thread.onSpinWait();
            }
            assertThat(served.run("metrics", "--output=" + file).code()).isZero();
            assertThat(file)
                    .content()
                    .contains("clockbound_up 1.0\n", "clockbound_status{status=\"DISRUPTED\"} 1.0\n")
                    .doesNotContain("error_bound", "correction", "drift", "measurement");
        }
    }

    @Test
    void aDaemonThatDoesNotAnswerIsAFileThatSaysSoInPlaceOfItsLastBound() throws Exception {
        try (ServedClock served = serve()) {
            served.synchronize();
            served.run("metrics", "--output=" + file);
        }
        assertThat(file).content().contains(BOUND);
        CtlRun run = CtlRun.of("metrics", "--output=" + file, "--run-dir=" + directory.resolve("run"));
        assertThat(run.code()).isEqualTo(ExitCode.NO_DAEMON);
        assertThat(run.err()).contains("start clockboundd").hasLineCount(1);
        assertThat(file).hasContent("""
                # HELP clockbound_up Whether the daemon answered when this was written: 1 if it did, else 0.
                # TYPE clockbound_up gauge
                clockbound_up 0.0
                """);
    }

    @Test
    void withoutADaemonAndAFileThereIsNothingOnStandardOutput() {
        CtlRun run = CtlRun.of("metrics", "--run-dir=" + directory);
        assertThat(run.code()).isEqualTo(ExitCode.NO_DAEMON);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void theFileIsReadableByAllAndNothingElseIsLeftInItsDirectory() throws Exception {
        Path collected = Files.createDirectory(directory.resolve("collected"));
        Path prom = Files.writeString(collected.resolve("clockbound.prom"), "old");
        try (ServedClock served = serve()) {
            served.chronyd.answer(Answer.silence());
            assertThat(served.run("metrics", "-o", prom.toString()).code()).isZero();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(prom)))
                .isEqualTo("rw-r--r--");
        assertThat(prom).content().doesNotContain("old");
        try (Stream<Path> left = Files.list(collected)) {
            assertThat(left).containsExactly(prom);
        }
    }

    @Test
    void aFileThatCannotBeReplacedIsRemoved() throws IOException {
        Path longest = Files.writeString(directory.resolve("c".repeat(250)), "old"); // a name beside it would be longer
        CtlRun run = CtlRun.of("metrics", "--output=" + longest, "--run-dir=" + directory);
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .contains("cannot write " + longest + " (File name too long); the old one is removed")
                .hasLineCount(1);
        assertThat(longest).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "DIR", "DIR/link", "DIR/missing/clockbound.prom", "/"})
    void whatIsNoFileIsLeftAlone(String output) throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "kept");
        Files.createSymbolicLink(directory.resolve("link"), target);
        CtlRun run =
                CtlRun.of("metrics", "--output", output.replace("DIR", directory.toString()), "--run-dir=" + directory);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .startsWith("clockboundctl metrics: --output: ")
                .containsAnyOf("name a file")
                .hasLineCount(1);
        assertThat(target).hasContent("kept");
        assertThat(directory.resolve("link")).isSymbolicLink();
    }

    @Test
    void aSegmentHasNoMetricsAndTheFileOfBeforeIsKept() throws IOException {
        Files.writeString(file, "kept");
        CtlRun run = CtlRun.of("metrics", "--shm=" + directory.resolve("shm0"), "--output=" + file);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("ask the daemon, with --run-dir or --socket");
        assertThat(file).hasContent("kept");
    }

    @Test
    void whatIsInALabelCannotEndIt() throws IOException {
        Report report = new Report(
                Json.read("{\"transports\":{\"a\\\"b\\\\c\\nd\":{\"turned_away\":2,\"renewals\":\"none\"}}}"));
        assertThat(MetricsText.of(MetricsText.samples(report)))
                .contains("\nclockbound_connections_refused_total{transport=\"a\\\"b\\\\c\\nd\"} 2.0\n")
                .doesNotContain("renewals");
    }

    private ServedClock serve(String... options) throws IOException {
        return new ServedClock(directory.resolve("run"), options);
    }

    private static String get(String uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static Set<String> withoutValues(String text) {
        return text.lines()
                .map(line -> line.startsWith("#") ? line : line.replaceFirst(" [^ ]*$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> families(Set<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.replaceAll("^# TYPE | [a-z]+$", ""))
                .collect(Collectors.toSet());
    }
}
