/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.EmbeddedClock;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.StatusWatch;
import io.clockbound.order.HybridTimestamp;
import io.clockbound.order.Lease;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.TimeSource;
import io.clockbound.testing.FakeBoundedClock;
import io.clockbound.testing.InstalledServices;
import io.clockbound.transport.StreamTransport;
import io.clockbound.transport.TransportServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the document on embedding shows, run with the real libraries. */
@Timeout(60)
class EmbeddingRecipesTest {

    private static final Duration LOOK = Duration.ofMillis(100);

    @TempDir
    private Path directory;

    private final FakeBoundedClock clock = new FakeBoundedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void aTrustedClockHasABoundAndAStatus() {
        bindMeters();
        assertThat(registry.get("clockbound.error.bound").gauge().value()).isEqualTo(0.001);
        assertThat(status(ClockStatus.SYNCHRONIZED)).isEqualTo(1);
        assertThat(status(ClockStatus.UNKNOWN)).isZero();
    }

    @Test
    void aClockThatIsNotTrustedHasNoBound() {
        bindMeters();
        clock.untrusted(ClockStatus.DISRUPTED);
        assertThat(registry.get("clockbound.error.bound").gauge().value())
                .as("before the change was seen")
                .isNaN();
        clock.local().advance(LOOK);
        assertThat(registry.find("clockbound.error.bound").gauge()).isNull();
        assertThat(status(ClockStatus.DISRUPTED)).isEqualTo(1);
        assertThat(registry.get("clockbound.status.transitions")
                        .tags("from", "SYNCHRONIZED", "to", "DISRUPTED")
                        .counter()
                        .count())
                .isEqualTo(1);
        clock.within(Duration.ofMillis(2));
        clock.local().advance(LOOK);
        assertThat(registry.get("clockbound.error.bound").gauge().value()).isEqualTo(0.002);
    }

    @Test
    void aClosedClockHasNoBound() {
        bindMeters();
        clock.close();
        clock.local().advance(LOOK);
        assertThat(registry.find("clockbound.error.bound").gauge()).isNull();
    }

    @Test
    void theHealthSaysWhyAndHasNoHalfWidthWithoutTrust() {
        ClockHealth health = new ClockHealth(clock);
        Health out = health.health();
        assertThat(out.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(out.getDetails()).containsEntry("clock", ClockStatus.UNKNOWN).doesNotContainKey("halfWidth");
        assertThat(out.getDetails().get("why")).asString().contains("it is read from fake");
        clock.within(Duration.ofMillis(1));
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        assertThat(health.health().getDetails()).containsEntry("halfWidth", Duration.ofMillis(1));
        clock.close();
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void anApplicationGetsTheClockOfItsDaemonWithMetersAndHealth() throws IOException {
        try (TransportServer server = new StreamTransport()
                        .with(Map.of("run-dir", directory.resolve("run").toString()))
                        .serve(clock, () -> "{}", LocalClock.system(), failure -> {});
                ConfigurableApplicationContext application = new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.NONE)
                        .bannerMode(Banner.Mode.OFF)
                        .logStartupInfo(false)
                        .properties(Map.of(
                                "clockbound.run-dir", directory.resolve("run").toString(),
                                "clockbound.shm-dir", directory.toString()))
                        .run()) {
            assertThat(application.getBean(BoundedClock.class).description())
                    .startsWith("stream socket " + server.address());
            assertThat(application.getBean(ClockMeters.class)).isNotNull();
            HealthEndpoint health = application.getBean(HealthEndpoint.class);
            assertThat(health.healthForPath("clock"))
                    .extracting(HealthDescriptor::getStatus)
                    .isEqualTo(Status.OUT_OF_SERVICE);
            clock.within(Duration.ofMillis(1));
            assertThat(health.healthForPath("clock"))
                    .extracting(HealthDescriptor::getStatus)
                    .isEqualTo(Status.UP);
        }
    }

    @Test
    void theStatusAndItsChangesAreLogged() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger("orders");
        logger.setUseParentHandlers(false);
        logger.setFilter(line -> lines.add(new SimpleFormatter().formatMessage(line)));
        try (StatusWatch watch = StatusLog.begin(clock)) {
            assertThat(watch).isNotNull();
            clock.within(Duration.ofMillis(1));
            clock.local().advance(LOOK);
        }
        assertThat(lines)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("a fake clock: UNKNOWN, because it is read from fake"),
                        second -> assertThat(second).startsWith("the clock was UNKNOWN and is SYNCHRONIZED: "));
    }

    @Test
    void aCommitIsVisibleOnceItsTimestampHasPassed() throws Exception {
        clock.within(Duration.ofMillis(1));
        HybridTimestamp first = new Ledger(clock, new TreeMap<>()).commit("one");
        assertThat(clock.now().earliestNanos()).isGreaterThan(first.epochNanos());
    }

    @Test
    void aCommitThatIsInStorageWaitsUntilItIsVisibleThoughTrustIsLostAndItsThreadIsInterrupted() throws Exception {
        clock.within(Duration.ofMillis(1));
        Ledger ledger = new Ledger(clock, new TreeMap<>());
        clock.local().beforeReading(6, () -> {
            clock.untrusted(ClockStatus.UNKNOWN);
            Thread.currentThread().interrupt();
            clock.local().beforeReading(10, () -> clock.within(Duration.ofMillis(1)));
        });
        HybridTimestamp timestamp = ledger.commit("one");
        assertThat(clock.now().earliestNanos()).isGreaterThan(timestamp.epochNanos());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aLedgerThatIsStartedAgainCommitsAfterWhatIsInStorage() throws Exception {
        clock.within(Duration.ofMillis(1));
        HybridTimestamp stored = new HybridTimestamp(clock.now().latestNanos() + 1_000);
        assertThat(new Ledger(clock, new TreeMap<>(Map.of(stored, "before"))).commit("one"))
                .isGreaterThan(stored);
    }

    @Test
    void anotherHostActsOnlyAfterTheLeaseIsOver() {
        clock.within(Duration.ofMillis(1));
        OneProcess register = new OneProcess();
        SingleWriter one = new SingleWriter("one", clock, register);
        SingleWriter other = new SingleWriter("other", clock, register);
        assertThat(one.act(() -> {})).isTrue();
        assertThat(other.act(() -> {})).isFalse();
        clock.local().advance(Duration.ofSeconds(11));
        assertThat(other.act(() -> {})).isTrue();
        assertThat(one.act(() -> {})).isFalse();
        clock.untrusted(ClockStatus.UNKNOWN);
        assertThat(other.act(() -> {})).isFalse();
    }

    @Test
    void anOwnSourceAndAnOwnProviderMakeABoundOfWhatTheyKnow() throws Exception {
        Path file = directory.resolve("measurement");
        LinkedBlockingQueue<PollOutcome> polls = new LinkedBlockingQueue<>();
        measure(file, 1);
        try (InstalledServices sources = install("a", TimeSource.class, ReceiverTimeSource.class);
                InstalledServices errors = install("b", ErrorBoundProvider.class, AntennaError.class);
                EmbeddedClock own = OwnSource.open(file, polls::add)) {
            assertThat(List.of(sources, errors)).doesNotContainNull();
            PollOutcome poll = polls.take();
            for (int count = 2; poll.terms().isEmpty(); count++) {
                measure(file, count);
                poll = polls.take();
            }
            BoundedInstant now = own.now();
            // the receiver says that this machine's clock is 5 s ahead
            assertThat(now.latest()).isBefore(Instant.now().minusSeconds(4));
            assertThat(poll.terms().orElseThrow().referenceNanos()).hasValue(250);
            assertThat(own.report().readFrom()).isEqualTo(file.toString());
            Files.delete(file);
            while (poll.result() != PollOutcome.Result.NO_ANSWER) {
                poll = polls.take();
            }
            assertThat(own.lastPoll().detail()).contains(file.toString());
        }
    }

    @Test
    void aHolderThatActsAgainAndAgainKeepsItsLease() {
        clock.within(Duration.ofMillis(1));
        OneProcess register = new OneProcess();
        SingleWriter one = new SingleWriter("one", clock, register);
        for (int second = 0; second < 30; second++) {
            assertThat(one.act(() -> {})).isTrue();
            clock.local().advance(Duration.ofSeconds(1));
        }
        assertThat(register.read().orElseThrow().token()).isOne();
    }

    /** A register for the hosts of one test. */
    private static final class OneProcess implements SingleWriter.Register {

        private @Nullable Lease lease;

        @Override
        public synchronized Optional<Lease> read() {
            return Optional.ofNullable(lease);
        }

        @Override
        public synchronized boolean compareAndSet(Optional<Lease> expected, Lease next) {
            boolean isExpected = read().equals(expected);
            lease = isExpected ? next : lease;
            return isExpected;
        }
    }

    /** A service. */
    @Configuration
    @EnableAutoConfiguration
    @Import(ClockConfiguration.class)
    static class Application {}

    private static void measure(Path file, int count) throws IOException {
        Path next = file.resolveSibling("next");
        Files.writeString(
                next,
                "count=" + count + "\nclock_ahead_ns=5000000000\nerror_ns=800\nmonotonic_ns=" + System.nanoTime()
                        + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private <S> InstalledServices install(String folder, Class<S> kind, Class<? extends S> service) throws IOException {
        return new InstalledServices(directory.resolve(folder), kind, List.of(service));
    }

    private void bindMeters() {
        clock.within(Duration.ofMillis(1));
        new ClockMeters(clock).bindTo(registry);
        clock.local().advance(LOOK);
    }

    private double status(ClockStatus status) {
        return registry.get("clockbound.status")
                .tag("status", status.name())
                .gauge()
                .value();
    }
}
