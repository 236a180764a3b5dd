/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scrapers that connect, send and read as they like: they cost the metrics at most, and never the clock. */
class HostileScraperIT {

    private static final String SCRAPE = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static final int CONNECTIONS = 10_000;
    private static final int HELD = 2_000;
    private static final int MEGABYTE = 1_000_000;
    private static final long GROWTH_ALLOWED_KIB = 24 * 1024;
    private static final int NOBODY = 9;

    @TempDir
    private Path directory;

    private final Random random = new Random(1);
    private int port;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @Test
    @Timeout(180)
    void theClockAndItsOtherClientsNoticeNothing() throws Exception {
        port = freePort();
        try (TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = DaemonProcess.start(
                                directory.resolve("run"), chronyd.commandPort(), "--metrics-address=127.0.0.1:" + port)
                        .awaitSocket();
                DatagramClient innocent = new DatagramClient(directory.resolve("innocent"), daemon.socket())) {
            Deadline.await(() -> "synchronisation", () -> innocent.now().isTrusted());
            Deadline.await(() -> "the metrics", () -> scrape().contains("clockbound_error_bound_seconds"));
            long beforeKib = daemon.residentKib();
            CompletableFuture<Void> attack = CompletableFuture.runAsync(this::attack);
            long readings = 0;
            while (!attack.isDone()) {
                Reading reading = innocent.now();
                assertThat(reading.status()).as(daemon.log()).isEqualTo(ClockStatus.SYNCHRONIZED);
                assertThat(reading.holdsWallClock()).as(reading.toString()).isTrue();
                readings++;
            }
            attack.join();
            assertThat(readings).isGreaterThan(100);
            Deadline.await(
                    () -> "a scrape after the attack", () -> scrape().contains("clockbound_error_bound_seconds"));
            assertThat(daemon.residentKib() - beforeKib).isLessThan(GROWTH_ALLOWED_KIB);
            assertThat(daemon.log()).doesNotContain("\tat ", "SEVERE", "FREE_RUNNING");
            assertThat(daemon.terminate()).isZero();
        }
    }

    @Test
    void aPortThatIsInUseCostsTheMetricsAndOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertServesWithoutMetrics(address, "(Address already in use): choose a free port");
        }
    }

    @Test
    void anAddressOfAnotherMachineCostsTheMetricsAndOneLine() throws Exception {
        assertServesWithoutMetrics("192.0.2.1:9911", "(Cannot assign requested address): choose a free port");
    }

    private void assertServesWithoutMetrics(String address, String reason) throws Exception {
        try (DaemonProcess daemon = DaemonProcess.start(
                                directory.resolve("run"), NOBODY, "--metrics-address=" + address)
                        .awaitSocket();
                DatagramClient client = new DatagramClient(directory.resolve("client"), daemon.socket())) {
            Deadline.await(() -> "the log of the daemon", () -> daemon.log().contains("Not serving metrics: "));
            assertThat(client.now().status()).isEqualTo(ClockStatus.UNKNOWN);
            assertThat(daemon.log().lines().filter(line -> line.contains("metrics-address")))
                    .singleElement()
                    .asString()
                    .contains("WARN  Not serving metrics: metrics-address " + address + " cannot be bound " + reason);
            assertThat(daemon.log()).doesNotContain("\tat ");
        }
    }

    @Test
    void withoutAnAddressNoClassOfTheMetricsIsLoadedAndNoThreadExists() throws Exception {
        Path loaded = directory.resolve("loaded");
        try (DaemonProcess daemon = DaemonProcess.start(
                        Prerequisites.home(),
                        "-Xlog:class+load:file=" + loaded + ":none",
                        directory.resolve("run"),
                        NOBODY)
                .awaitSocket()) {
            Deadline.await(() -> "the log of the daemon", () -> daemon.log().contains("Status UNKNOWN: "));
            daemon.signal("QUIT");
            Deadline.await(() -> "the log of the daemon", () -> daemon.log().contains("\"clockbound-poll\""));
            assertThat(daemon.log()).doesNotContain("clockbound-metrics", "HTTP-Dispatcher", "idle-timeout-task");
            assertThat(daemon.terminate()).isZero();
        }
        assertThat(Files.readAllLines(loaded))
                .anyMatch(line -> line.startsWith("io.clockbound.EmbeddedClock "))
                .noneMatch(line -> line.startsWith("io.clockbound.daemon.metrics."))
                .noneMatch(line -> line.startsWith("io.prometheus."))
                .noneMatch(line -> line.matches("(com\\.sun|sun)\\.net\\.httpserver\\..*"));
    }

    private void attack() {
        connect();
        sendSlowly();
        readNothing();
        sendGarbage();
        sendTooMuch();
    }

    private void connect() {
        Deque<SocketChannel> held = new ArrayDeque<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            open().ifPresent(held::addLast);
            if (held.size() > HELD) {
                close(held.removeFirst());
            }
        }
        held.forEach(HostileScraperIT::close);
    }

    private void sendSlowly() {
        List<SocketChannel> slow = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            open().ifPresent(slow::add);
        }
        for (byte octet : SCRAPE.substring(0, 30).getBytes(StandardCharsets.US_ASCII)) {
            slow.forEach(channel -> send(channel, new byte[] {octet}));
            scrapeWhatComes();
        }
        slow.forEach(HostileScraperIT::close);
    }

    private void readNothing() {
        List<SocketChannel> slow = new ArrayList<>();
        byte[] requests = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 8; i++) {
            open().ifPresent(channel -> {
                send(channel, requests);
                slow.add(channel);
            });
        }
        for (int i = 0; i < 20; i++) {
            scrapeWhatComes();
        }
        slow.forEach(HostileScraperIT::close);
    }

    private void sendGarbage() {
        for (int i = 0; i < 300; i++) {
            byte[] garbage = new byte[1 + random.nextInt(3_000)];
            random.nextBytes(garbage);
            exchange(garbage);
        }
    }

    private void sendTooMuch() {
        String much = "a".repeat(MEGABYTE);
        for (String request : List.of(
                "GET /" + much + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /metrics HTTP/1.1\r\nX: " + much + "\r\n\r\n",
                "GET /metrics HTTP/1.1\r\n" + "X: y\r\n".repeat(MEGABYTE / 6) + "\r\n",
                "GET /readyz?max-bound=" + "9".repeat(10_000) + "h HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /metrics?" + "name[]=a&".repeat(1_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /metrics?debug=nonsense HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /metrics HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n",
                "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n" + much,
                "GET mailto:x HTTP/1.1\r\n\r\n")) {
            for (int i = 0; i < 5; i++) {
                exchange(request.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** Sends, reads a little and goes away. */
    private void exchange(byte[] request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20);
            socket.getOutputStream().write(request);
            socket.getInputStream().readNBytes(10);
        } catch (IOException e) {
            // refused, reset or silent: the server may do as it likes
        }
    }

    private void scrapeWhatComes() {
        exchange(SCRAPE.getBytes(StandardCharsets.US_ASCII));
    }

    private String scrape() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(SCRAPE.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private Optional<SocketChannel> open() {
        try {
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 1_024);
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Optional.of(channel);
        } catch (IOException e) {
            return Optional.empty(); // no more descriptors or ports
        }
    }

    private static void send(SocketChannel channel, byte[] octets) {
        try {
            if (channel.finishConnect()) {
                channel.write(ByteBuffer.wrap(octets));
            }
        } catch (IOException e) {
            // closed by the server
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
