/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.Guice;
import com.google.inject.Stage;
import io.clockbound.BoundedClock;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import io.clockbound.spi.Services;
import io.clockbound.transport.ClockBoundClients;
import io.clockbound.transport.Transport;
import io.clockbound.transport.TransportServer;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

@Timeout(60)
class DaemonTest {

    private static final long CORRECTION_NANOS = 50_000;
    private static final long ERROR_NANOS = 30_000;

    @TempDir
    Path directory;

    private ScriptedChronyd chronyd;
    private Path runDirectory;
    private Path socket;

    @BeforeEach
    void start() throws IOException {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
        chronyd = ScriptedChronyd.onUdp();
        runDirectory = directory.resolve("run");
        socket = runDirectory.resolve("clockboundd.sock");
    }

    @AfterEach
    void end() throws IOException {
        chronyd.close();
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void clientsAreToldThatTheClockIsNotSynchronisedUntilItIs() throws IOException {
        chronyd.answer(Answer.silence());
        try (Daemon daemon = daemon()) {
            daemon.start();
            try (DatagramClient client = client()) {
                assertThat(client.now()).containsExactly(1, 0, 1, 0);
                chronyd.answer(Answer.tracking());
                assertContainsTrueTime(daemon, client);
            }
        }
    }

    private static void assertContainsTrueTime(Daemon daemon, DatagramClient client) throws IOException {
        byte[] answer;
        long beforeNanos;
        do {
            daemon.clock().pollNow();
            beforeNanos = LocalClock.system().epochNanos();
            answer = client.now();
        } while (answer.length == 4);
        long afterNanos = LocalClock.system().epochNanos();
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        assertThat(answer).hasSize(20).startsWith(1, 1, 0, 0);
        assertThat(bytes.getLong(4)).isLessThanOrEqualTo(afterNanos - ERROR_NANOS);
        assertThat(bytes.getLong(12)).isGreaterThanOrEqualTo(beforeNanos + CORRECTION_NANOS + ERROR_NANOS);
        assertThat(bytes.getLong(12) - bytes.getLong(4))
                .isBetween(CORRECTION_NANOS + 2 * ERROR_NANOS, 100 * CORRECTION_NANOS);
    }

    @Test
    void closeEndsTheServiceAndRemovesItsFiles() throws IOException {
        Daemon daemon = daemon();
        daemon.start();
        assertThat(files()).containsExactlyInAnyOrder("clockboundd.pid", "clockboundd.sock", "clockboundd.stream.sock");
        daemon.close();
        daemon.close();
        assertThat(files()).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> daemon.clock().read());
    }

    @Test
    void aSecondOneInTheSameDirectoryIsRefusedAndNamesTheFirst() throws IOException {
        try (Daemon first = daemon()) {
            first.start();
            try (Daemon second = daemon()) {
                assertThatThrownBy(second::start)
                        .isInstanceOf(IOException.class)
                        .hasMessage(
                                "another daemon, pid " + ProcessHandle.current().pid() + ", already serves in "
                                        + runDirectory + ": stop it, or choose another directory with --run-dir");
            }
            try (DatagramClient client = client()) {
                assertContainsTrueTime(first, client);
            }
        }
    }

    @Test
    void aSecondProcessInTheSameDirectoryEndsWithOneAndNamesTheFirst() throws IOException, InterruptedException {
        try (Daemon first = daemon()) {
            first.start();
            Process second = launch();
            String output = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(second.waitFor()).as(output).isEqualTo(1);
            assertThat(output)
                    .contains("Cannot serve: another daemon, pid "
                            + ProcessHandle.current().pid());
            assertThat(socket).exists();
        }
    }

    @Test
    void sigtermEndsAProcessWithZeroAndRemovesItsFiles() throws IOException, InterruptedException {
        Process process = launch();
        try {
            Stream<String> output = process.inputReader(StandardCharsets.UTF_8).lines();
            assertThat(output.anyMatch(line -> line.contains("Serving datagram at " + socket)))
                    .isTrue();
        } finally {
            process.destroy(); // with SIGTERM
        }
        assertThat(process.waitFor()).isZero();
        assertThat(files()).isEmpty();
    }

    @Test
    void aTransportThatCannotServeUndoesTheOthers() throws IOException {
        Transport datagram =
                Services.named(Transport.class, "datagram").with(Map.of("run-dir", runDirectory.toString()));
        DaemonConfig good = Invocation.parse(arguments()).config();
        try (Daemon daemon = daemon(with(good, true, datagram, new Broken()))) {
            assertThatThrownBy(daemon::start).hasMessage("it is broken");
            assertThat(socket).exists();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aTransportThatNobodyAskedForMayFailUnlessItIsTheFirst() throws IOException {
        Transport datagram =
                Services.named(Transport.class, "datagram").with(Map.of("run-dir", runDirectory.toString()));
        DaemonConfig good = Invocation.parse(arguments()).config();
        try (Daemon daemon = daemon(with(good, false, datagram, new Broken()))) {
            daemon.start();
            assertThat(socket).exists();
        }
        try (Daemon daemon = daemon(with(good, false, new Broken(), datagram))) {
            assertThatThrownBy(daemon::start).hasMessage("it is broken");
        }
    }

    private static DaemonConfig with(DaemonConfig config, boolean isEachNeeded, Transport... transports) {
        return new DaemonConfig(
                config.log(),
                config.bound(),
                config.source(),
                config.providers(),
                config.vmClock(),
                List.of(transports),
                isEachNeeded,
                Optional.empty(),
                List.of());
    }

    @Test
    void aForcedDisruptionLastsUntilItIsEnded() throws IOException {
        try (CapturedLog log = new CapturedLog(PollLog.class);
                Daemon daemon = daemon()) {
            daemon.start();
            try (DatagramClient client = client()) {
                assertContainsTrueTime(daemon, client);
                daemon.clock().beginDisruption();
                while (client.now().length != 4) {
                    Thread.onSpinWait();
                }
                daemon.clock().pollNow();
                assertThat(client.now()).containsExactly(1, 0, 1, 0);
                assertThat(daemon.clock().read().status()).isEqualTo(ClockStatus.DISRUPTED);
                assertThat(log.take())
                        .contains(
                                "ERROR Status SYNCHRONIZED -> DISRUPTED: not trusted until the time source has"
                                        + " measured again: a disruption is forced until it is ended, which SIGUSR2 does for clockboundd");
                daemon.clock().endDisruption();
                assertContainsTrueTime(daemon, client);
            }
        }
    }

    @Test
    void aLogThatCannotBeWrittenIsAWarningOfTheStatus() throws Exception {
        Process process = DaemonJvm.with(List.of(), List.of(arguments()))
                .redirectOutput(new File("/dev/full"))
                .start();
        try {
            while (Files.notExists(socket)) {
                assertThat(process.isAlive()).isTrue();
                Thread.onSpinWait();
            }
            assertThat(ClockBoundClients.status(runDirectory))
                    .contains("lines of the log are lost: standard output cannot be written (No space left on device)");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private Daemon daemon() {
        return daemon(Invocation.parse(arguments()).config());
    }

    private static Daemon daemon(DaemonConfig config) {
        return Guice.createInjector(Stage.PRODUCTION, new DaemonModule(config)).getInstance(Daemon.class);
    }

    private Process launch() throws IOException {
        return DaemonJvm.with(List.of(), List.of(arguments())).start();
    }

    private String[] arguments() {
        return new String[] {
            "-e",
            "50",
            "--run-dir",
            runDirectory.toString(),
            "--shm-dir",
            directory.resolve("shm").toString(),
            "--time-source-option",
            "address=" + chronyd.address()
        };
    }

    private DatagramClient client() throws IOException {
        return new DatagramClient(socket, directory.resolve("client"));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(runDirectory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aPollIsPublishedToReadersOfSegmentsBeforeTheReportHasIt() throws IOException {
        CompletableFuture<String> firstSeen = new CompletableFuture<>();
        DaemonConfig config = Invocation.parse(arguments()).config();
        try (Daemon daemon = daemon(with(config, true, new Spy(firstSeen)))) {
            daemon.start();
            assertThat(firstSeen.join()).contains("no poll of the time source has ended yet");
        }
    }

    /**
     * A transport without clients.
     *
     * @param firstSeen is completed with the status report of the moment when a poll is published for the first time
     */
    private record Spy(CompletableFuture<String> firstSeen) implements Transport {

        @Override
        public String name() {
            return "spy";
        }

        @Override
        public Set<String> settingNames() {
            return Set.of();
        }

        @Override
        public Transport with(Map<String, String> settings) {
            return this;
        }

        @Override
        public TransportServer serve(
                BoundedClock clock, Transport.Reports reports, LocalClock local, Consumer<IOException> failures) {
            return new TransportServer() {
                @Override
                public String address() {
                    return "nowhere";
                }

                @Override
                public void publish(PollOutcome poll) {
                    firstSeen.complete(reports.status());
                }

                @Override
                public void close() {
                    // nothing runs
                }
            };
        }
    }

    /** A transport that never serves. */
    private static final class Broken implements Transport {

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public Set<String> settingNames() {
            return Set.of();
        }

        @Override
        public Transport with(Map<String, String> settings) {
            return this;
        }

        @Override
        public TransportServer serve(
                BoundedClock clock, Transport.Reports reports, LocalClock local, Consumer<IOException> failures)
                throws IOException {
            throw new IOException("it is broken");
        }
    }
}
