/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedClock;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.Poll;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ClockBoundClientsTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private Path run;
    private Path shm;
    private Path stream;
    private Path datagram;

    @BeforeEach
    void choosePlaces() throws IOException {
        run = directory.toRealPath().resolve("run");
        shm = directory.toRealPath().resolve("shm");
        stream = run.resolve("clockboundd.stream.sock");
        datagram = run.resolve("clockboundd.sock");
    }

    @Test
    void connectPrefersSharedMemory() throws IOException {
        try (TransportServer stream = serve("stream");
                TransportServer memory = serve("shm")) {
            memory.publish(ShmStage.poll(LocalClock.system(), Poll.Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            try (BoundedClock clock = ClockBoundClients.connect(run, shm, LONG)) {
                assertThat(clock.now().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
                assertThat(clock.description()).isEqualTo("shared memory " + shm.resolve("shm0"));
            }
            assertThat(stream.counts().requests(RequestResult.ANSWERED)).isZero();
        }
    }

    @Test
    void connectPrefersADaemonThatKnowsToSharedMemoryThatWasLeftThere() throws IOException {
        serve("shm").close();
        try (TransportServer stream = serve("stream");
                BoundedClock clock = ClockBoundClients.connect(run, shm, LONG)) {
            assertThat(clock.now().earliestNanos()).isEqualTo(1);
            assertThat(clock.description())
                    .startsWith("stream socket " + stream.address())
                    .contains("shared memory " + shm.resolve("shm0") + " cannot be trusted");
        }
    }

    @Test
    void connectTakesSharedMemoryWhenNobodyKnowsTheTimeYet() throws IOException {
        try (TransportServer stream = serve("stream", new SettableClock());
                TransportServer memory = serve("shm");
                BoundedClock clock = ClockBoundClients.connect(run, shm, LONG)) {
            assertThat(clock.read().status()).isEqualTo(ClockStatus.UNKNOWN);
            memory.publish(ShmStage.poll(LocalClock.system(), Poll.Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            assertThat(clock.now().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(stream.counts().requests(RequestResult.REFUSED)).isPositive();
        }
    }

    @Test
    void connectTakesSharedMemoryWhenThereIsNoSocket() throws IOException {
        serve("shm").close();
        try (BoundedClock clock = ClockBoundClients.connect(run, shm, LONG)) {
            assertThat(clock.description()).isEqualTo("shared memory " + shm.resolve("shm0"));
        }
    }

    @Test
    void connectPrefersTheStream() throws IOException {
        try (TransportServer one = serve("stream");
                TransportServer other = serve("datagram");
                BoundedClock clock = ClockBoundClients.connect(run, shm, LONG)) {
            assertThat(clock.now().earliestNanos()).isEqualTo(1);
            assertThat(clock.description()).startsWith("stream socket " + one.address());
            assertThat(other.counts().requests(RequestResult.ANSWERED)).isZero();
        }
    }

    @Test
    void connectTakesDatagramsWhenThereIsNoStreamAndSaysWhy() throws IOException {
        try (TransportServer server = serve("datagram");
                BoundedClock clock = ClockBoundClients.connect(run, shm, LONG)) {
            assertThat(clock.now().earliestNanos()).isEqualTo(1);
            assertThat(clock.description())
                    .startsWith("datagram socket " + server.address())
                    .contains("cannot read the segment " + shm.resolve("shm0") + ": it does not exist")
                    .contains("stream socket " + stream + ": No such file");
        }
    }

    @Test
    void connectSaysAllThatItTriedAndWhatToDo() {
        assertThatThrownBy(() -> ClockBoundClients.connect(run, shm))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot read the segment " + shm.resolve("shm0"))
                .hasMessageContaining("stream socket " + stream + ": No such file")
                .hasMessageContaining("datagram socket " + datagram + ": ")
                .hasMessageContaining("start clockboundd")
                .hasMessageContaining("--run-dir");
    }

    @Test
    void aClockThatLosesItsDaemonSaysWhatToDo() throws IOException {
        TransportServer server = serve("stream");
        try (BoundedClock clock = ClockBoundClients.stream(stream, LONG)) {
            server.close();
            assertThatThrownBy(clock::now)
                    .hasMessageContaining("stream socket " + stream)
                    .hasMessageContaining("start clockboundd");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "datagram"})
    void aDaemonTellsItsStatusOverEitherSocket(String transport) throws IOException {
        try (TransportServer server = serve(transport)) {
            assertThat(ClockBoundClients.status(run, LONG)).isEqualTo("{\"of\":\"" + transport + "\"}");
            assertThat(server.counts().requests(RequestType.STATUS, RequestResult.ANSWERED))
                    .isEqualTo(1);
        }
    }

    @Test
    void aDaemonThatDoesNotKnowTheRequestTellsNoStatus() throws IOException {
        Files.createDirectories(run);
        try (ScriptedServer server = ScriptedServer.at(new Endpoint(Endpoint.Kind.DATAGRAM, datagram))) {
            server.alwaysAnswer("01000000");
            assertThatThrownBy(() -> ClockBoundClients.status(run, LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("datagram socket " + datagram + ": this daemon does not tell its status");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0009S", "PT60.001S"})
    void aDeadlineThatIsNoneIsRefused(Duration deadline) {
        assertThatThrownBy(() -> ClockBoundClients.stream(stream, deadline))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 ms to 1 min");
    }

    private TransportServer serve(String transport) throws IOException {
        return serve(transport, SettableClock.at(1, 2, ClockStatus.SYNCHRONIZED));
    }

    private TransportServer serve(String transport, BoundedClock clock) throws IOException {
        Map<String, String> settings =
                transport.equals("shm") ? Map.of("shm-dir", shm.toString()) : Map.of("run-dir", run.toString());
        return Services.named(Transport.class, transport)
                .with(settings)
                .serve(clock, () -> "{\"of\":\"" + transport + "\"}", LocalClock.system(), failure -> {});
    }
}
