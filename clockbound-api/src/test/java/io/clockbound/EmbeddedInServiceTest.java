/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.TimeSource;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.InstalledServices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which time source a clock without a daemon asks, and what it says of itself when it begins. */
@Timeout(20)
class EmbeddedInServiceTest {

    @TempDir
    private Path folder;

    private final Logger logger = Logger.getLogger("io.clockbound");
    private final LogLines log = new LogLines();

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(log);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(log);
        logger.setUseParentHandlers(true);
    }

    @Test
    void usesTheInstalledSourceAndHasPolledWhenItIsReturned() throws IOException {
        try (InstalledServices services = install(List.of(FakeTimeSource.class));
                EmbeddedClock installed = BoundedClock.embedded()) {
            assertThat(services).isNotNull();
            assertThat(installed.now().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(installed.lastPoll().result()).isEqualTo(PollOutcome.Result.SYNCHRONIZED);
        }
    }

    @Test
    void saysWhatToInstallWhenThereIsNoSource() {
        assertThatIllegalStateException().isThrownBy(BoundedClock::embedded).withMessageContaining("clockbound-chrony");
    }

    @Test
    void listsTheSourcesWhenThereAreSeveralAndSaysHowToChooseOne() throws IOException {
        try (InstalledServices services = install(List.of(FakeTimeSource.class, SourceNamedChrony.class))) {
            assertThat(services).isNotNull();
            assertThatIllegalStateException()
                    .isThrownBy(BoundedClock::embedded)
                    .withMessageContaining("chrony, fake")
                    .withMessageContaining("Services.named(TimeSource.class, \"chrony\")");
        }
    }

    @Test
    void asksTheSourceThatItIsGivenWhateverIsInstalled() throws IOException {
        FakeTimeSource given = new FakeTimeSource();
        try (InstalledServices services = install(List.of(FakeTimeSource.class, SourceNamedChrony.class));
                EmbeddedClock clock = BoundedClock.embedded(given, BoundSettings.DEFAULTS, poll -> {})) {
            assertThat(services).isNotNull();
            assertThat(clock.now().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(given.polls()).isPositive();
        }
        assertThat(given.isClosed()).isTrue();
    }

    @Test
    void saysTheMaxClockErrorOnWhichTheGuaranteeRestsAndThatItIsTheDefault() {
        BoundedClock.embedded(new FakeTimeSource(), BoundSettings.DEFAULTS, poll -> {})
                .close();
        assertThat(log.lines)
                .singleElement()
                .asString()
                .startsWith("INFO Bounded clock by fake at fake: ")
                .contains("15 ppm (the default)", "BoundSettings.withMaxClockErrorPpb");
    }

    @Test
    void warnsOfAMaxClockErrorThatFewOscillatorsKeep() {
        BoundedClock.embedded(new FakeTimeSource(), BoundSettings.DEFAULTS.withMaxClockErrorPpb(1_500), poll -> {})
                .close();
        assertThat(log.lines).singleElement().asString().startsWith("WARNING ").contains("1.5 ppm, which few");
    }

    @Test
    void warnsOfSettingsThatGiveUpTheGuarantee() {
        BoundSettings settings = BoundSettings.DEFAULTS
                .withMaxClockErrorPpb(50_000)
                .withLocalReference(true)
                .withEstimate(true);
        BoundedClock.embedded(new FakeTimeSource(), settings, poll -> {}).close();
        assertThat(log.lines).hasSize(3);
        assertThat(log.lines.get(0)).startsWith("INFO ").contains("50 ppm").doesNotContain("default");
        assertThat(log.lines.get(1)).startsWith("WARNING ").contains("local reference");
        assertThat(log.lines.get(2)).startsWith("WARNING ").contains("estimate");
    }

    private InstalledServices install(List<Class<? extends TimeSource>> sources) throws IOException {
        return new InstalledServices(folder, TimeSource.class, sources);
    }

    /** A second source, with the name of the usual one. */
    public static final class SourceNamedChrony implements TimeSource {

        @Override
        public String name() {
            return "chrony";
        }

        @Override
        public TimeSource with(Map<String, String> settings) {
            return this;
        }

        @Override
        public ClockSnapshot poll() throws IOException {
            throw new IOException("it must not be asked");
        }

        @Override
        public String peer() {
            return "nobody";
        }

        @Override
        public void close() {}
    }

    private static final class LogLines extends Handler {

        private final List<String> lines = new CopyOnWriteArrayList<>();

        private LogLines() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
