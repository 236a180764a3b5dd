/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    private final SettableClock served = SettableClock.at(1, 2, ClockStatus.SYNCHRONIZED);
    private Path run;
    private Path stream;
    private Path datagram;
    private Path segment;

    @BeforeEach
    void choosePlaces() throws IOException {
        run = directory.toRealPath().resolve("run");
        stream = run.resolve("clockboundd.stream.sock");
        datagram = run.resolve("clockboundd.sock");
        segment = directory.resolve("shm0");
    }

    @Test
    void connectPrefersSharedMemory() throws IOException {
        try (TransportServer server = serve("stream")) {
            writeSegments(ClockStatus.SYNCHRONIZED);
            try (BoundedClock clock = ClockBoundClients.connect(run, directory, LONG)) {
                assertThat(clock.read().status().isTrusted()).isTrue();
                assertThat(clock.description()).isEqualTo("shared memory " + segment);
                assertThat(ServerCounts.of(server).requests(RequestResult.ANSWERED))
                        .isZero();
            }
        }
    }

    @Test
    void connectReadsASegmentOfLayout1WhenNothingElseExists() throws IOException {
        writeSegments(ClockStatus.SYNCHRONIZED);
        Files.delete(segment);
        try (BoundedClock clock = ClockBoundClients.connect(run, directory, LONG)) {
            assertThat(clock.read().status().isTrusted()).isTrue();
            assertThat(clock.description())
                    .startsWith("shared memory " + directory.resolve("shm"))
                    .contains(segment + ": it does not exist");
        }
    }

    @Test
    void connectSkipsSharedMemoryThatIsNotTrusted() throws IOException {
        writeSegments(ClockStatus.UNKNOWN);
        try (TransportServer server = serve("datagram");
                BoundedClock clock = ClockBoundClients.connect(run, directory, LONG)) {
            assertThat(clock.now().earliestNanos()).isEqualTo(1);
            assertThat(clock.description())
                    .startsWith("datagram socket " + server.address())
                    .contains("the record in " + segment + " is not trusted");
        }
    }

    @Test
    void connectTakesTheFastestWayWhileTheDaemonIsNotSynchronised() throws IOException {
        served.set(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
        writeSegments(ClockStatus.UNKNOWN);
        try (TransportServer one = serve("stream");
                TransportServer other = serve("datagram");
                BoundedClock clock = ClockBoundClients.connect(run, directory, LONG)) {
            assertThat(List.of(one, other))
                    .allSatisfy(server -> assertThat(ServerCounts.of(server).requests(RequestResult.REFUSED))
                            .isPositive());
            assertThat(clock.description()).isEqualTo("shared memory " + segment);
            writeSegments(ClockStatus.SYNCHRONIZED);
            assertThat(clock.read().status().isTrusted()).isTrue();
        }
    }

    @Test
    void connectPrefersTheStreamToDatagrams() throws IOException {
        try (TransportServer one = serve("stream");
                TransportServer other = serve("datagram");
                BoundedClock clock = ClockBoundClients.connect(run, directory, LONG)) {
            assertThat(clock.now().earliestNanos()).isEqualTo(1);
            assertThat(clock.description())
                    .startsWith("stream socket " + one.address())
                    .contains(segment + ": it does not exist");
            assertThat(ServerCounts.of(other).requests(RequestResult.ANSWERED)).isZero();
        }
    }

    @Test
    void connectTakesDatagramsWhenThereIsNoStreamAndSaysWhy() throws IOException {
        try (TransportServer server = serve("datagram");
                BoundedClock clock = ClockBoundClients.connect(run, directory, LONG)) {
            assertThat(clock.now().earliestNanos()).isEqualTo(1);
            assertThat(clock.description())
                    .startsWith("datagram socket " + server.address())
                    .contains("stream socket " + stream + ": no such socket: ");
        }
    }

    @Test
    void connectNamesEveryWayItTriedAndTheRemedy() {
        assertThatThrownBy(() -> ClockBoundClients.connect(run, directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(segment + ": it does not exist")
                .hasMessageContaining("stream socket " + stream + ": no such socket: ")
                .hasMessageContaining("datagram socket " + datagram + ": ")
                .hasMessageContaining("start clockboundd")
                .hasMessageContaining("--run-dir");
    }

    @Test
    void aClockThatLosesItsDaemonNamesTheRemedy() throws IOException {
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
    void aDaemonReportsItsStatusOverEitherSocket(String transport) throws IOException {
        TransportServer server = serve(transport);
        try {
            assertThat(ClockBoundClients.status(run, LONG)).isEqualTo("{\"of\":\"" + transport + "\"}");
        } finally {
            server.close();
        }
        // only now, for an answer is counted after it was sent
        assertThat(ServerCounts.of(server).requests(RequestType.STATUS, RequestResult.ANSWERED))
                .isEqualTo(1);
    }

    @Test
    void aDaemonThatDoesNotKnowStatusRequestsReportsNone() throws IOException {
        Files.createDirectories(run);
        try (ScriptedServer server = ScriptedServer.at(new SocketEndpoint(SocketEndpoint.Kind.DATAGRAM, datagram))) {
            server.alwaysAnswer("01000000");
            assertThatThrownBy(() -> ClockBoundClients.status(run, LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "no daemon reports its status: stream socket " + stream + ": no such socket")
                    .hasMessageEndingWith("datagram socket " + datagram + ": this daemon does not report its status");
        }
    }

    @Test
    void whatIsTheSameForBothSocketsIsSaidOnce() {
        assertThatThrownBy(() -> ClockBoundClients.history(run, Instant.EPOCH))
                .hasMessage("no daemon reports its history: stream socket " + stream + " and datagram socket "
                        + datagram + ": no such socket: start clockboundd, or name the directory of its --run-dir");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0009S", "PT60.001S"})
    void aDeadlineOutOfRangeIsRefused(Duration deadline) {
        assertThatThrownBy(() -> ClockBoundClients.stream(stream, deadline))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 ms to 1 min");
    }

    /** Lets a daemon publish once and end. */
    private void writeSegments(ClockStatus status) throws IOException {
        try (TransportServer server = serve("shm")) {
            server.publish(SegmentStage.poll(LocalClock.system(), PollOutcome.Result.SYNCHRONIZED, status));
        }
    }

    private TransportServer serve(String transport) throws IOException {
        return Services.named(Transport.class, transport)
                .with(
                        transport.equals("shm")
                                ? Map.of("shm-dir", directory.toString())
                                : Map.of("run-dir", run.toString()))
                .serve(served, () -> "{\"of\":\"" + transport + "\"}", LocalClock.system(), failure -> {});
    }
}
