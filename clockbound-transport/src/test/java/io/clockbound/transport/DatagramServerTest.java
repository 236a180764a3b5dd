/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

@Timeout(60)
class DatagramServerTest {

    private static final String NOW = "01010000";
    private static final String INTERVAL = "01010000" + "00000000000003e8" + "00000000000007d0";

    private final SettableClock clock = SettableClock.at(1_000, 2_000, ClockStatus.SYNCHRONIZED);
    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    private volatile @Nullable String status = "{}";
    private TransportServer server;
    private Clients clients;

    @BeforeEach
    void serve() throws IOException {
        Transport transport = Services.named(Transport.class, "datagram")
                .with(Map.of("run-dir", directory.resolve("run").toString()));
        server = transport.serve(clock, () -> Objects.requireNonNull(status), LocalClock.system(), failures::add);
        clients = new Clients(directory, server.address());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"path, ''", "abstract, clockbound-test-short", "autobind, ''"})
    void answersAClientWhateverItsName(String kind, String name) throws Exception {
        assertThat(clients.run("ask", kind, name, NOW, NOW)).containsExactly(INTERVAL, INTERVAL);
        assertThat(failures).isEmpty();
    }

    /** Some clients, such as socat, drop what comes from another name than the one that they asked at. */
    @Test
    void answersFromTheNameToWhichTheRequestWasSent() throws IOException {
        AFUNIXSocketAddress address = AFUNIXSocketAddress.of(Path.of(server.address()));
        try (AFUNIXDatagramChannel client = AFUNIXDatagramChannel.open()) {
            client.bind(AFUNIXSocketAddress.of(directory.resolve("client")));
            client.send(ByteBuffer.wrap(new byte[] {1, 1, 0, 0}), address);
            assertThat(client.receive(ByteBuffer.allocate(64))).isEqualTo(address);
        }
    }

    @Test
    void answersAClientWithTheLongestAbstractName() throws Exception {
        String name = "clockbound-test" + "x".repeat(107 - "clockbound-test".length());
        assertThat(clients.run("ask", "abstract", name, NOW)).containsExactly(INTERVAL);
    }

    @Test
    void aLongNameLeavesNothingBehindInTheShorterOnesAfterIt() throws Exception {
        answersAClientWithTheLongestAbstractName();
        answersAClientWhateverItsName("autobind", "");
        answersAClientWhateverItsName("abstract", "clockbound-test-short");
        answersAClientWhateverItsName("path", "");
    }

    @Test
    void answersEachTypeOfRequest() throws Exception {
        assertThat(clients.run(
                        "ask",
                        "path",
                        "",
                        NOW,
                        "0102ffff" + "00000000000003e7",
                        "01020000" + "00000000000003e8",
                        "01030000" + "00000000000007d0",
                        "01030000" + "00000000000007d1"))
                .containsExactly(INTERVAL, "0102000001", "0102000000", "0103000000", "0103000001");
        assertThat(ServerCounts.of(server).requests(RequestType.NOW, RequestResult.ANSWERED))
                .isEqualTo(1);
        assertThat(ServerCounts.of(server).requests(RequestType.BEFORE, RequestResult.ANSWERED))
                .isEqualTo(2);
        assertThat(ServerCounts.of(server).requests(RequestType.AFTER, RequestResult.ANSWERED))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01",
                "0101",
                "02010000",
                "0101000000",
                "0104000000",
                "01020000",
                "0102000000000000000000ffff",
                "01020000000000000000000000000000000000ff"
            })
    void answersAnErrorToAMalformedRequest(String request) throws Exception {
        assertThat(clients.run("ask", "path", "", request, NOW)).containsExactly("01000000", INTERVAL);
        assertThat(ServerCounts.of(server).requests(RequestType.MALFORMED, RequestResult.REFUSED))
                .isEqualTo(1);
    }

    @Test
    void reportsItsStatusWhateverTheClock() throws Exception {
        status = "{\"a\":1}";
        assertThat(clients.run("ask", "path", "", "01040000")).containsExactly("010400007b2261223a317d");
        clock.set(BoundedInstant.unbounded(ClockStatus.DISRUPTED));
        assertThat(clients.run("ask", "path", "", "0104ffff")).containsExactly("010401007b2261223a317d");
        assertThat(ServerCounts.of(server).requests(RequestType.STATUS, RequestResult.ANSWERED))
                .isEqualTo(2);
    }

    @Test
    void refusesAStatusThatIsTooLongOrFailsAndGoesOn() throws Exception {
        status = "x".repeat(8_193);
        assertThat(clients.run("ask", "path", "", "01040000", NOW)).containsExactly("01000000", INTERVAL);
        status = null;
        assertThat(clients.run("ask", "path", "", "01040000", NOW)).containsExactly("01000000", INTERVAL);
        assertThat(ServerCounts.of(server).requests(RequestType.STATUS, RequestResult.REFUSED))
                .isEqualTo(2);
        assertThat(failures).as("the first of a run").singleElement().asString().contains("8193");
    }

    @Test
    void raisesTheFlagWhileTheClockIsFreeRunning() throws Exception {
        clock.set(new BoundedInstant(1_000, 2_000, ClockStatus.FREE_RUNNING));
        assertThat(clients.run("ask", "path", "", NOW, "01030000" + "00000000000007d1", "ff"))
                .containsExactly(INTERVAL.replaceFirst("01010000", "01010100"), "0103010001", "01000100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNKNOWN", "DISRUPTED"})
    void answersAnErrorWhileTheClockCannotBeTrusted(ClockStatus status) throws Exception {
        clock.set(BoundedInstant.unbounded(status));
        assertThat(clients.run("ask", "path", "", NOW, "01030000" + "ffffffffffffffff", "ff"))
                .containsExactly("01000100", "01000100", "01000100");
        assertThat(ServerCounts.of(server).requests(RequestType.NOW, RequestResult.REFUSED))
                .isEqualTo(1);
    }

    @Test
    void answersAClientThatTakesItsTime() throws Exception {
        assertThat(clients.run("ask_slowly", "0.05")).containsExactly("20", "20", "20", "20", "20");
    }

    @Test
    void countsEveryResponse() throws Exception {
        long rate = clients.rate("datagram", 20_000);
        System.out.println("datagram: " + rate + " round trips a second, one client in C");
        assertThat(ServerCounts.of(server).requests(RequestType.NOW, RequestResult.ANSWERED))
                .isEqualTo(20_000);
        assertThat(failures).isEmpty();
    }

    @Test
    void endsAndRemovesItsSocketWhenItsOwnClockFails() throws Exception {
        RuntimeException bug = new IllegalStateException("a bug");
        CompletableFuture<Throwable> fault = new CompletableFuture<>();
        BoundedClock failing = new SettableClock() {
            @Override
            public BoundedInstant read() {
                throw bug;
            }
        };
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> fault.complete(thrown));
        try (TransportServer other = new DatagramTransport()
                .with(Map.of("run-dir", directory.resolve("other").toString()))
                .serve(failing, () -> "{}", LocalClock.system(), failures::add)) {
            new Clients(directory, other.address()).run("die", "1");
            assertThat(fault.get(30, TimeUnit.SECONDS)).isSameAs(bug);
            assertThat(Path.of(other.address())).doesNotExist();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
