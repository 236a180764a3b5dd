/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.GOOD;
import static io.clockbound.daemon.ScriptedChain.GOOD_SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.LeapStatus;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** From chronyd's socket to the published bound: a chronyd that was restarted. */
class ScriptedRestartTest {

    @Test
    void aRestartedChronydIsGivenTheFrequencyThatItMayHaveForgottenForFourMinutes() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            TrackingReply fast = ScriptedChain.withFrequency(GOOD, 100);
            for (int i = 0; i < 20; i++) { // nobody steers the clock, and it runs away as chronyd says
                chain.poll(fast.withCorrection(50e-6 - i * 10e-6), GOOD_SOURCE);
                chain.clock.advance(Duration.ofMillis(100));
            }
            TrackingReply restarted = ScriptedChain.withFrequency(GOOD, 0).withCorrection(-150e-6);
            chain.poll(after(restarted, 1, 0)); // of the first update no bound is made
            for (int update = 2; update <= 300; update++) {
                chain.clock.advance(Duration.ofMillis(900));
                chain.poll(after(restarted, update, 1));
                chain.clock.advance(Duration.ofMillis(100));
                // its correction stands still; 9/8 × (15 + 0.05 + 0.01 + 100 - 0.05), and then without what its
                // frequency changed
                int expectedPpb = update <= 240 ? 129_387 : 16_943;
                PollOutcome poll = chain.poll();
                if (update <= 240 || update == 300) {
                    assertThat(poll.bound().maxDriftPpb()).isBetween(expectedPpb, expectedPpb + 500);
                }
            }
        }
    }

    @Test
    void aChronydThatIsRestartedWhileItIsNotSynchronisedIsGivenThatFrequencyToo() throws IOException {
        for (boolean isStepped : new boolean[] {false, true}) {
            try (ScriptedChain chain = new ScriptedChain()) {
                TrackingReply fast = ScriptedChain.withFrequency(GOOD, 100);
                for (int i = 0; i < 20; i++) {
                    chain.poll(fast.withCorrection(50e-6 - i * 10e-6), GOOD_SOURCE);
                    chain.clock.advance(Duration.ofMillis(100));
                }
                if (isStepped) {
                    chain.clock.stepWall(Duration.ofSeconds(1));
                    chain.poll();
                } else {
                    chain.poll(ScriptedChain.withLeap(fast, LeapStatus.UNSYNCHRONIZED));
                }
                TrackingReply restarted = ScriptedChain.withFrequency(GOOD, 0).withCorrection(0);
                for (int update = 1; update <= 8; update++) {
                    chain.clock.advance(Duration.ofSeconds(3));
                    PollOutcome poll = chain.poll(after(restarted, 3 * update, update == 1 ? 0 : 3));
                    if (poll.bound().status().isTrusted()) {
                        assertThat(poll.bound().maxDriftPpb()).isGreaterThanOrEqualTo(129_387);
                    }
                }
                assertThat(chain.current().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            }
        }
    }

    private static TrackingReply after(TrackingReply state, int seconds, double updateInterval) {
        return ScriptedChain.withUpdateInterval(
                state.withReferenceTime(state.referenceTime().plusSeconds(seconds)), updateInterval);
    }
}
