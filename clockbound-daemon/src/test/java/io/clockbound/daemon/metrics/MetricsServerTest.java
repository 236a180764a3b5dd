/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a scraper can do to the server, and the server to the daemon. */
class MetricsServerTest extends ServedMetrics {

    @Test
    void pollsAndScrapesKeepNoThreadOfTheLibraryBusy() throws Exception {
        for (int i = 0; i < 3; i++) {
            tracker.poll();
            clock.advance(Duration.ofMillis(100));
            samples();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .isNotEmpty()
                .noneMatch(name -> name.startsWith("prometheus"));
    }

    @Test
    void anErrorInARequestCostsThatRequestAndNeitherTheServerNorTheDaemon() throws Exception {
        tracker.poll();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> uncaught.add(fault));
        try {
            Error fault = new StackOverflowError("of a collector");
            fault.setStackTrace(new StackTraceElement[0]); // the log of the tests is for people
            broken = fault;
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(this::samples).isInstanceOf(IOException.class);
                assertThat(get("/readyz").statusCode()).isEqualTo(200);
            }
            broken = null;
            assertThat(samples()).containsKey(BOUND);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void theThreadsOfTheServerDieWithoutTheDaemon() throws Exception {
        List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("HTTP-Dispatcher|idle-timeout-task|clockbound-metrics"))
                .toList();
        assertThat(threads)
                .isNotEmpty()
                // one that has ended, of a server before this one, has none any more
                .allMatch(
                        thread -> thread.getUncaughtExceptionHandler() instanceof MetricsThreads || !thread.isAlive());
    }

    @Test
    void anythingElseIsNotFoundAndOnlyReadingIsAllowed() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metricsx").body()).contains("/metrics, /healthz and /readyz");
        HttpRequest post = HttpRequest.newBuilder(uri("/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertThat(http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    /** A scraper that holds more connections than there may be is cut off; others are served again soon. */
    @Test
    void connectionsThatSayNothingAreCutOff() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
                socket.setSoTimeout(60_000);
                silent.add(socket);
            }
            for (Socket socket : silent) {
                assertThat(isCutOff(socket)).isTrue();
            }
            assertThat(get("/healthz").statusCode()).isEqualTo(503);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aPathOfAMegabyteAndGarbageEndTheirConnectionAndNothingElse() throws Exception {
        for (String request : List.of("GET /" + "a".repeat(1 << 20) + " HTTP/1.1\r\n\r\n", "\0\1\2\3\r\n\r\n")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
                socket.setSoTimeout(60_000);
                try {
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    // it was cut off before all of it was sent
                }
                assertThat(isCutOff(socket)).isTrue();
            }
        }
        assertThat(get("/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void aPortInUseIsNamedWithTheRemedy() throws IOException {
        try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> MetricsServer.start(
                            loopback(used.getLocalPort()),
                            BoundSettings.DEFAULTS,
                            clock,
                            bound -> bound.read(clock),
                            () -> sources,
                            () -> servers))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(":" + used.getLocalPort() + " cannot be bound")
                    .hasMessageContaining("choose a free port");
        }
    }

    /** Reads until the server ends the connection, by whatever response. */
    private static boolean isCutOff(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // a response, such as 400
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }
}
