/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class StreamServerTest {

    private static final String NOW = "01010000";
    private static final String STATUS = "01040000";
    private static final String INTERVAL = "01010000" + "00000000000003e8" + "00000000000007d0";
    private static final String ERROR = "01000000";

    private final SettableClock clock = SettableClock.at(1_000, 2_000, ClockStatus.SYNCHRONIZED);
    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    private volatile String status = "{}";
    private TransportServer server;
    private Clients clients;

    @BeforeEach
    void serve() throws IOException {
        Transport transport = Services.named(Transport.class, "stream")
                .with(Map.of("run-dir", directory.resolve("run").toString()));
        server = transport.serve(clock, () -> status, LocalClock.system(), failures::add);
        clients = new Clients(directory, server.address());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void answersRequestsThatComeTogetherInTheirOrder() throws Exception {
        String before = "0102ffff" + "00000000000003e7";
        String after = "01030000" + "00000000000007d0";
        assertThat(converse(NOW + before + STATUS + after + NOW))
                .isEqualTo(INTERVAL + "0102000001" + "01040000" + "00000002" + "7b7d" + "0103000000" + INTERVAL);
        assertThat(ServerCounts.of(server).requests(RequestType.NOW, RequestResult.ANSWERED))
                .isEqualTo(2);
        assertThat(ServerCounts.of(server).requests(RequestType.STATUS, RequestResult.ANSWERED))
                .isEqualTo(1);
    }

    @Test
    void answersARequestThatComesInPieces() throws Exception {
        assertThat(converse("01", "01", "00", "00", "01020000", "00000000", "000003e8" + "0101", "0000"))
                .isEqualTo(INTERVAL + "0102000000" + INTERVAL);
    }

    @Test
    void answersManyThousandRequestsAtOnce() throws Exception {
        assertThat(clients.run("pipeline", "20000", INTERVAL)).containsExactly("20000");
    }

    @Test
    void answersSeveralStatusRequestsWithTheLongestReport() throws Exception {
        status = "x".repeat(8_192);
        String answer = "01040000" + "00002000" + "78".repeat(8_192);
        assertThat(converse(NOW + STATUS.repeat(20) + NOW)).isEqualTo(INTERVAL + answer.repeat(20) + INTERVAL);
    }

    @Test
    void refusesAStatusThatIsTooLongAndGoesOn() throws Exception {
        status = "x".repeat(8_193);
        assertThat(converse(STATUS + NOW)).isEqualTo(ERROR + INTERVAL);
        assertThat(failures).singleElement().asString().contains("8193");
    }

    @ParameterizedTest
    @ValueSource(strings = {"02010000", "01060000", "01000000", "ffffffff", "02020000" + "0000000000000000"})
    void closesAfterTheErrorToAMalformedRequest(String malformed) throws Exception {
        assertThat(converse(NOW + malformed + NOW)).isEqualTo(INTERVAL + ERROR);
        assertThat(ServerCounts.of(server).requests(RequestType.MALFORMED, RequestResult.REFUSED))
                .isEqualTo(1);
        assertThat(converse(NOW)).isEqualTo(INTERVAL);
    }

    @Test
    void closesWithoutAResponseToHalfARequest() throws Exception {
        assertThat(converse(NOW + "010200000000")).isEqualTo(INTERVAL);
    }

    @Test
    void raisesTheFlagWhileTheClockIsFreeRunning() throws Exception {
        clock.set(new BoundedInstant(1_000, 2_000, ClockStatus.FREE_RUNNING));
        assertThat(converse(NOW + "02020202")).isEqualTo(INTERVAL.replaceFirst("01010000", "01010100") + "01000100");
    }

    @ParameterizedTest
    @EnumSource(
            value = ClockStatus.class,
            names = {"UNKNOWN", "DISRUPTED"})
    void answersAnErrorAndGoesOnWhileTheClockCannotBeTrusted(ClockStatus untrusted) throws Exception {
        clock.set(BoundedInstant.unbounded(untrusted));
        assertThat(converse(NOW + STATUS + NOW)).isEqualTo("01000100" + "01040100" + "00000002" + "7b7d" + "01000100");
    }

    @Test
    void countsEveryResponse() throws Exception {
        long rate = clients.rate("stream", 20_000);
        System.out.println("stream: " + rate + " round trips a second, one client in C");
        assertThat(ServerCounts.of(server).requests(RequestType.NOW, RequestResult.ANSWERED))
                .isEqualTo(20_000);
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1001", "-1", "many", "1.5", "00001"})
    void refusesAnInvalidNumberOfConnections(String number) {
        assertThatThrownBy(() -> new StreamTransport().with(Map.of("max-connections", number)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + number + "'")
                .hasMessageContaining("1 to 1000");
    }

    private String converse(String... pieces) throws Exception {
        return clients.run("converse", pieces).get(0);
    }
}
