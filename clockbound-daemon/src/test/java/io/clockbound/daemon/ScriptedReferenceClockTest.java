/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.GOOD_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From chronyd's socket and the driver's file to the published bound. */
class ScriptedReferenceClockTest {

    private static final TrackingReply ON_PHC0 = TrackingReply.synchronizedTo(ReferenceId.ofClock("PHC0"));
    private static final String BUSY = "4294967295\n";

    @TempDir
    Path sysfs;

    private Path errorBound;

    @BeforeEach
    void makeCard() throws IOException {
        Path device = Files.createDirectories(sysfs.resolve("bus/pci/devices/0000:00:05.0"));
        Files.writeString(device.resolve("uevent"), "PCI_SLOT_NAME=0000:00:05.0\n");
        Path ens5 = Files.createDirectories(sysfs.resolve("class/net/ens5"));
        Files.createSymbolicLink(ens5.resolve("device"), device);
        errorBound = Files.writeString(device.resolve("phc_error_bound"), "20000\n");
    }

    @Test
    void whatTheDriverSaysIsAdded() throws IOException {
        try (ScriptedChain chain = chain(configured())) {
            PollOutcome poll = measureWithPhc(chain);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.referenceErrorNanos()).hasValue(20_000);
            assertThat(poll.bound().boundNanos()).isBetween(GOOD_NANOS + 20_000, GOOD_NANOS + 20_010);
        }
    }

    @Test
    void itIsFoundWithoutBeingNamed() throws IOException {
        try (ScriptedChain chain = chain(automatic())) {
            assertThat(measureWithPhc(chain).referenceErrorNanos()).hasValue(20_000);
        }
    }

    @Test
    void anotherIdThanTheConfiguredOneDoesNotLoseIt() throws IOException {
        ErrorBoundProvider other = Services.named(ErrorBoundProvider.class, "phc")
                .with(Map.of("reference-id", "GPS", "interface", "ens5", "sysfs", sysfs.toString()));
        try (ScriptedChain chain = chain(other)) {
            assertThat(measureWithPhc(chain).referenceErrorNanos()).hasValue(20_000);
        }
    }

    @Test
    void itIsReadAtEveryPollAndTheLargestSinceTheUpdateCounts() throws IOException {
        try (ScriptedChain chain = chain(configured())) {
            measureWithPhc(chain);
            Files.writeString(errorBound, "50000\n");
            assertThat(chain.pollForSeconds(1).referenceErrorNanos()).hasValue(50_000);
            Files.writeString(errorBound, "10000\n");
            assertThat(chain.pollForSeconds(1).referenceErrorNanos()).hasValue(50_000);
            assertThat(chain.poll(onPhc0UpdatedAt(2)).referenceErrorNanos()).hasValue(10_000);
        }
    }

    @Test
    void whileTheDriverIsBusyTheOldBoundGrowsAndIsVoidAfterFiveSeconds() throws IOException {
        try (ScriptedChain chain = chain(configured())) {
            ClockErrorBound good = measureWithPhc(chain).bound();
            Files.writeString(errorBound, BUSY);
            PollOutcome poll = chain.pollForSeconds(5);
            assertThat(poll.result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
            assertThat(poll.detail())
                    .startsWith(errorBound + " has '4294967295', not nanoseconds from 0 to 4294967294");
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
            assertThat(poll.bound().asOfNanos()).isEqualTo(good.asOfNanos());
            assertThat(poll.bound().boundNanos()).isEqualTo(good.boundNanos());
            assertThat(chain.pollForSeconds(1).bound().status()).isEqualTo(ClockStatus.UNKNOWN);
            Files.writeString(errorBound, "30000\n");
            PollOutcome back = chain.poll();
            assertThat(back.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(back.referenceErrorNanos()).hasValue(30_000);
        }
    }

    @Test
    void aFileThatWasThereAndIsGoneIsNoErrorOfNothing() throws IOException {
        for (ErrorBoundProvider provider : new ErrorBoundProvider[] {configured(), automatic()}) {
            Files.writeString(errorBound, "20000\n");
            try (ScriptedChain chain = chain(provider)) {
                measureWithPhc(chain);
                Files.delete(errorBound);
                PollOutcome poll = chain.pollForSeconds(1);
                assertThat(poll.result()).isEqualTo(Result.REFERENCE_ERROR_UNKNOWN);
                assertThat(poll.detail()).startsWith(errorBound + " does not exist; ");
                assertThat(poll.bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
                Files.writeString(errorBound, "20000\n");
                assertThat(chain.pollForSeconds(1).result()).isEqualTo(Result.SYNCHRONIZED);
            }
        }
    }

    @Test
    void aClockThatNoDriverKnowsIsNotTrustedAndTheOptionIsNamedOnce() throws IOException {
        Files.delete(errorBound);
        try (ScriptedChain chain = chain(automatic());
                CapturedLog log = new CapturedLog(PollLog.class)) {
            PollOutcome poll = measureWithPhc(chain);
            assertThat(poll.result()).isEqualTo(Result.UNSYNCHRONIZED);
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
            PollLog lines = new PollLog(Services.named(TimeSource.class, "chrony"), chain.clock);
            lines.note(poll);
            lines.note(poll);
            assertThat(log.take()).singleElement().asString().contains("reference-error PHC0=TIME");
        }
    }

    @Test
    void whatTheOperatorSaysIsAddedToWhatTheDriverSays() throws IOException {
        BoundSettings settings =
                BoundSettings.DEFAULTS.withReferenceError(ReferenceId.ofClock("PHC0"), Duration.ofNanos(7_000));
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"), automatic())) {
            PollOutcome poll = measureWithPhc(chain);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.referenceErrorNanos()).hasValue(27_000);
        }
    }

    @Test
    void aServerWhoseAddressSpellsPhc0IsNone() throws IOException {
        ReferenceId server = new ReferenceId(ReferenceId.ofClock("PHC0").code(), true); // 80.72.67.48
        try (ScriptedChain chain = chain(configured())) {
            PollOutcome poll = chain.poll(TrackingReply.synchronizedTo(server));
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.referenceErrorNanos()).isEmpty();
        }
    }

    /** Lets chronyd measure with the clock once more than before the first poll. */
    private static PollOutcome measureWithPhc(ScriptedChain chain) {
        chain.poll(ON_PHC0);
        return chain.poll(onPhc0UpdatedAt(1));
    }

    private static TrackingReply onPhc0UpdatedAt(int seconds) {
        return ON_PHC0.withReferenceTime(ON_PHC0.referenceTime().plusSeconds(seconds));
    }

    private ScriptedChain chain(ErrorBoundProvider provider) throws IOException {
        return new ScriptedChain(BoundSettings.DEFAULTS, Instant.parse("2026-11-22T20:00:00Z"), provider);
    }

    /** What {@code -r PHC0 -i ens5} sets up. */
    private ErrorBoundProvider configured() {
        return Services.named(ErrorBoundProvider.class, "phc")
                .with(Map.of("reference-id", "PHC0", "interface", "ens5", "sysfs", sysfs.toString()));
    }

    private ErrorBoundProvider automatic() {
        return Services.named(ErrorBoundProvider.class, "phc").with(Map.of("sysfs", sysfs.toString()));
    }
}
