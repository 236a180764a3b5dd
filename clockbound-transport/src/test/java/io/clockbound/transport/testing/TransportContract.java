/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.Witness;
import io.clockbound.transport.Transport;
import io.clockbound.transport.TransportServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every transport has to keep. A test class extends it, naming its transport and a client of that.
 *
 * <p>A server made here serves a clock that says what was last published.
 */
@Timeout(120)
public abstract class TransportContract {

    private static final long BOUND_NANOS = 5_000_000;

    private final LocalClock local = LocalClock.system();
    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();
    private final Published published = new Published();

    @TempDir
    private Path directory;

    private TransportServer server;

    /** Returns the transport, with settings by which all its files, if it has any, are in this directory and nowhere else. */
    protected abstract Transport transport(Path directory);

    /** Returns a new client of the transport that serves in this directory. */
    protected abstract BoundedClock client(Path directory) throws IOException;

    /** Returns the names of the files that are to outlive the server. */
    protected Set<String> filesThatStay() {
        return Set.of();
    }

    /** Returns what its address, and the message that there is no place for a second server, contain; for one without files. */
    protected String place(Path directory) {
        return directory.getFileName().toString();
    }

    @BeforeEach
    void serve() throws IOException {
        server = serveIn(directory);
    }

    @AfterEach
    void close() {
        server.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void readsAsUnknownBeforeTheFirstPublish() throws IOException {
        try {
            try (BoundedClock client = client(directory)) {
                assertThat(client.read().status().isTrusted()).isFalse();
            }
        } catch (IOException e) {
            assertThat(e.getMessage()).as("why there is no client yet").contains(place(directory));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ClockStatus.class,
            names = {"SYNCHRONIZED", "FREE_RUNNING"})
    void aTrustedClockIsReadWithItsStatusAndAllOfItsBound(ClockStatus status) throws IOException {
        publish(status);
        try (BoundedClock client = client(directory)) {
            BoundedInstant before = published.read();
            BoundedInstant read = client.now();
            BoundedInstant after = published.read();
            assertThat(read.latestNanos() - read.earliestNanos()).isGreaterThanOrEqualTo(2 * BOUND_NANOS);
            assertThat(read.earliestNanos()).isLessThanOrEqualTo(after.latestNanos());
            assertThat(read.latestNanos()).isGreaterThanOrEqualTo(before.earliestNanos());
            // a thread may have lost the processor for longer than a record stays synchronised
            assertThat(read.status()).isIn(status, after.status());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ClockStatus.class,
            names = {"UNKNOWN", "DISRUPTED"})
    void aClockWithoutTrustNeverGivesAnInterval(ClockStatus untrusted) throws IOException {
        publish(ClockStatus.SYNCHRONIZED);
        try (BoundedClock client = client(directory)) {
            assertThat(client.read().status().isTrusted()).isTrue();
            publish(untrusted);
            BoundedInstant read = client.read();
            assertThat(read).isEqualTo(BoundedInstant.unbounded(read.status()));
            assertThatThrownBy(client::now).isInstanceOf(ClockNotTrustedException.class);
        }
    }

    @Test
    void everyChangeReachesEveryClient() throws IOException {
        publish(ClockStatus.SYNCHRONIZED);
        try (BoundedClock one = client(directory);
                BoundedClock other = client(directory)) {
            for (int i = 0; i < 20; i++) {
                boolean trusted = i % 2 == 0;
                publish(trusted ? ClockStatus.SYNCHRONIZED : ClockStatus.UNKNOWN);
                for (BoundedClock client : List.of(one, other)) {
                    assertThat(client.read().status().isTrusted()).isEqualTo(trusted);
                }
            }
        }
    }

    @Test
    void aClientSurvivesRestarts() throws IOException {
        publish(ClockStatus.SYNCHRONIZED);
        try (BoundedClock client = client(directory)) {
            for (int i = 0; i < 5; i++) {
                server.close();
                client.read(); // whatever it says while there is no server, it must go on
                server = serveIn(directory);
                publish(ClockStatus.UNKNOWN);
                assertThat(client.read().status().isTrusted()).isFalse();
                publish(ClockStatus.SYNCHRONIZED);
                assertThat(client.read().status().isTrusted()).isTrue();
            }
        }
    }

    @Test
    void aSecondServerIsRefusedAndTheFirstGoesOn() throws IOException {
        publish(ClockStatus.SYNCHRONIZED);
        assertThatThrownBy(() -> serveIn(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(place(directory));
        try (BoundedClock client = client(directory)) {
            assertThat(client.read().status().isTrusted()).isTrue();
        }
    }

    @Test
    void closingRemovesItsFilesAndEndsItsThreads() throws Exception {
        publish(ClockStatus.SYNCHRONIZED);
        try (BoundedClock client = client(directory)) {
            client.read();
            server.close();
            server.close();
            assertThat(files()).isSubsetOf(filesThatStay());
            while (Thread.getAllStackTraces().keySet().stream().anyMatch(this::isOfTransport)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("a thread goes on"); // how the hang guard ends this
                }
                Thread.onSpinWait();
            }
        }
    }

    private boolean isOfTransport(Thread thread) {
        return thread.getName().startsWith("clockbound-" + transport(directory).name());
    }

    @Test
    void saysWhereItIs() {
        assertThat(server.address()).contains(place(directory));
    }

    @Test
    void itsCountsNeverDecrease() throws IOException {
        publish(ClockStatus.SYNCHRONIZED);
        Map<String, Long> before = flat(server.counts());
        try (BoundedClock client = client(directory)) {
            client.read();
        }
        Map<String, Long> after = flat(server.counts());
        assertThat(before)
                .allSatisfy(
                        (name, count) -> assertThat(after.get(name)).as(name).isGreaterThanOrEqualTo(count));
    }

    /** Returns the numbers of a JSON object by the path of their names. */
    private static Map<String, Long> flat(Map<?, ?> members) {
        Map<String, Long> numbers = new HashMap<>();
        members.forEach((name, value) -> {
            if (value instanceof Map<?, ?> object) {
                flat(object).forEach((inner, number) -> numbers.put(name + "." + inner, number));
            } else {
                numbers.put(name.toString(), ((Number) value).longValue());
            }
        });
        return numbers;
    }

    @Test
    void anUnknownSettingIsRefusedAndTheKnownOnesAreListed() {
        Transport transport = transport(directory);
        assertThatThrownBy(() -> transport.with(Map.of("no-such-setting", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'no-such-setting' is no setting of " + transport.name())
                .satisfies(e -> assertThat(transport.settingNames())
                        .allSatisfy(name -> assertThat(e.getMessage()).contains(name)));
    }

    /** Has the server say this of the present. */
    private void publish(ClockStatus status) {
        Witness witness = Witness.take(local);
        ClockErrorBound bound = new ClockErrorBound(
                witness.takenNanos(),
                witness.takenNanos() + Duration.ofHours(1).toNanos(),
                0,
                BOUND_NANOS + witness.errorNanos(),
                50_000,
                status,
                witness.nanos(),
                null);
        published.bound = bound;
        server.publish(new PollOutcome(
                resultOf(status),
                "a test",
                "a peer",
                Optional.empty(),
                Optional.empty(),
                bound,
                bound.voidAfterNanos(),
                0));
    }

    /** Returns an outcome that is an answer of the source: what silence does to a transport is its own affair. */
    private static PollOutcome.Result resultOf(ClockStatus status) {
        return switch (status) {
            case UNKNOWN -> PollOutcome.Result.UNSYNCHRONIZED;
            case SYNCHRONIZED -> PollOutcome.Result.SYNCHRONIZED;
            case FREE_RUNNING -> PollOutcome.Result.FREE_RUNNING;
            case DISRUPTED -> PollOutcome.Result.DISRUPTED;
        };
    }

    private TransportServer serveIn(Path place) throws IOException {
        return transport(place).serve(published, () -> "{}", local, failures::add);
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return Set.copyOf(files.map(file -> file.getFileName().toString()).toList());
        }
    }

    /** The clock that is served. */
    private final class Published implements BoundedClock {

        private volatile ClockErrorBound bound = ClockErrorBound.unknown();

        @Override
        public BoundedInstant read() {
            return bound.read(local);
        }

        @Override
        public String description() {
            return "what the test published";
        }

        @Override
        public void close() {}
    }
}
