/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.GOOD;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.chrony.testing.TrackingReply;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The faults in docs/PEER-FAULTS.md that are the subject of no other test. */
class PeerFaultsTest {

    @Test
    void aNegativeResidualFrequencyDoesNotSlowTheGrowth() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            TrackingReply fast = withResidualFrequency(GOOD, 100);
            TrackingReply slow = withResidualFrequency(GOOD, -100);
            assertThat(chain.poll(fast).bound().maxDriftPpb()).isGreaterThanOrEqualTo(110_000);
            ClockErrorBound bound = chain.poll(slow).bound();
            assertThat(bound.maxDriftPpb()).isGreaterThanOrEqualTo(110_000);
            long hourLaterNanos = bound.asOfNanos() + Duration.ofHours(1).toNanos();
            assertThat(bound.boundNanosAt(hourLaterNanos)).isGreaterThan(bound.boundNanos() + 396_000_000);
        }
    }

    @Test
    void losingTheProcessorWithinAReadingDoesNotPushTheIntervalOffTheInstantOfTheReading() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.clock.oscillateAt(1_000);
            chain.synchronize();
            for (int reading = 1; reading <= 2; reading++) {
                AtomicLong pausedNanos = new AtomicLong();
                long beforeNanos = chain.clock.trueNanos();
                chain.clock.beforeReading(reading, () -> {
                    chain.clock.advance(Duration.ofSeconds(2));
                    pausedNanos.set(chain.clock.trueNanos());
                });
                BoundedInstant now = chain.read();
                assertThat(now.status()).isEqualTo(ClockStatus.SYNCHRONIZED);
                long readAtNanos = reading == 1 ? pausedNanos.get() : beforeNanos;
                assertThat(readAtNanos).isBetween(now.earliestNanos(), now.latestNanos());
            }
        }
    }

    @Test
    void aCorrectionWidensTheBoundWhicheverWayItGoes() throws IOException {
        for (double seconds : new double[] {0.05, -0.05}) {
            try (ScriptedChain chain = new ScriptedChain()) {
                assertThat(chain.poll(GOOD.withCorrection(seconds)).bound().symmetricBoundNanos())
                        .isBetween(50_046_943L, 50_047_000L);
            }
        }
    }

    @Test
    void afterTheFirstUpdateTheClockIsNotFreeRunningButNotSynchronised() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            PollOutcome first = chain.poll(ScriptedChain.withUpdateInterval(GOOD, 0));
            assertThat(first.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
            chain.clock.advance(Duration.ofSeconds(15));
            TrackingReply next = GOOD.withReferenceTime(GOOD.referenceTime().plusSeconds(15));
            assertThat(chain.poll(next).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    private static TrackingReply withResidualFrequency(TrackingReply state, double ppm) {
        return new TrackingReply(
                state.reference(),
                state.stratum(),
                state.leap(),
                state.referenceTime(),
                state.correctionSeconds(),
                state.lastOffsetSeconds(),
                state.rmsOffsetSeconds(),
                state.frequencyPpm(),
                ppm,
                state.skewPpm(),
                state.rootDelaySeconds(),
                state.rootDispersionSeconds(),
                state.lastUpdateIntervalSeconds());
    }
}
