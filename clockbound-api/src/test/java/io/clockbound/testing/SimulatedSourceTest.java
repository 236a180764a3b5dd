/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.SimulatedSource.Setup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SimulatedSourceTest {

    private static final SimulatedReference REFERENCE =
            new SimulatedReference(new ReferenceId(0xC0000201, true), 300, 1_000, 0);

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void isUnsynchronizedAtFirstAndKnowsItsSkewFromTheSecondUpdateOn() throws IOException {
        SimulatedSource source = source(true, 0);
        assertThat(source.poll().leap()).isEqualTo(LeapStatus.UNSYNCHRONIZED);
        source.advance(Duration.ofSeconds(2));
        assertThat(source.poll().skewPpb()).isEqualTo(1_000_000_000);
        source.advance(Duration.ofSeconds(16));
        assertThat(source.poll().skewPpb()).isEqualTo(10);
    }

    @Test
    void slewsTheClockToItsReference() throws IOException {
        SimulatedSource source = source(true, 20_000);
        clock.oscillateAt(20_000);
        clock.stepWall(Duration.ofMillis(10));
        source.advance(Duration.ofSeconds(60));
        assertThat(clock.wallErrorNanos()).isBetween(299L, 301L);
        assertThat(source.poll().correctionNanos()).isBetween(-1L, 1L);
    }

    @Test
    void leavesTheClockAloneWhenItMayNotSetIt() throws IOException {
        SimulatedSource source = source(false, 20_000);
        clock.oscillateAt(20_000);
        source.advance(Duration.ofSeconds(60));
        assertThat(clock.wallErrorNanos()).isEqualTo(1_200_000);
        assertThat(source.poll().correctionNanos()).isBetween(300L - 1_200_001, 300L - 1_199_999);
    }

    @Test
    void leavesTheClockRunningAwayWhenItIsKilledInASlew() {
        SimulatedSource source = source(true, 0);
        source.advance(Duration.ofSeconds(20));
        clock.stepWall(Duration.ofMillis(-10));
        source.updateNow();
        source.advance(Duration.ofMillis(500));
        source.kill();
        source.advance(Duration.ofMillis(1500));
        assertThat(clock.wallErrorNanos()).isBetween(9_999_000L, 10_001_000L);
        assertThatIOException().isThrownBy(source::poll);
    }

    @Test
    void doesNotNoticeAStepBeforeItsNextUpdate() throws IOException {
        SimulatedSource source = source(true, 0);
        source.advance(Duration.ofSeconds(20));
        clock.stepWall(Duration.ofMillis(500));
        ClockSnapshot answer = source.poll();
        assertThat(answer.correctionNanos()).isBetween(-1L, 1L);
    }

    @Test
    void aReferenceIsHonest() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SimulatedReference(ReferenceId.NONE, -1_001, 1_000, 0));
    }

    private SimulatedSource source(boolean isDisciplining, long frequencyPpb) {
        Setup setup = new Setup(isDisciplining, frequencyPpb, 10, 1_000, Long.MAX_VALUE, Duration.ofSeconds(16));
        return new SimulatedSource(clock, setup, REFERENCE);
    }
}
