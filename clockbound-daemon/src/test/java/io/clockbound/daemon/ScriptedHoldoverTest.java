/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.GOOD;
import static io.clockbound.daemon.ScriptedChain.GOOD_SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.chrony.testing.SourceReply;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** From chronyd's socket to the published bound: how long a source that has lost its reference is trusted. */
class ScriptedHoldoverTest {

    private static final String NOT_MEASURED =
            "the time source has not measured for more than four of its poll intervals: it has"
                    + " lost its reference, or does not use what it measures";
    private static final long HOLDOVER_NANOS = 1_000_000_000_000L;

    @Test
    void aSourceThatLostItsReferenceIsFreeRunningAfterSixteenSecondsAndVoidAfterTheHoldover() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            // chronyd, which asked every 4 s, goes on saying leap 0 and measures no more
            chain.poll(GOOD, GOOD_SOURCE.withPoll(2));
            ClockErrorBound inTime = chain.pollForSeconds(15).bound();
            assertThat(inTime.status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            PollOutcome poll = chain.pollForSeconds(1);
            assertThat(poll.result()).isEqualTo(Result.FREE_RUNNING);
            assertThat(poll.detail()).isEqualTo(NOT_MEASURED);
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
            assertThat(poll.bound().asOfNanos()).isEqualTo(inTime.asOfNanos() + 1_000_000_000);
            poll = chain.pollForSeconds(999);
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
            assertThat(poll.bound().voidAfterNanos()).isEqualTo(inTime.asOfNanos() + HOLDOVER_NANOS);
            chain.clock.advance(Duration.ofNanos(1));
            assertThat(chain.read().status()).isEqualTo(ClockStatus.UNKNOWN);
            assertThat(chain.poll().bound().status()).isEqualTo(ClockStatus.UNKNOWN);
            PollOutcome updated =
                    chain.poll(GOOD.withReferenceTime(GOOD.referenceTime().plusSeconds(1000)));
            assertThat(updated.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void aSourceThatIsAskedSeldomIsFreeRunningAfterFourPollIntervals() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.synchronize(); // it asks every 16 s
            assertThat(chain.pollForSeconds(63).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            PollOutcome poll = chain.pollForSeconds(1);
            assertThat(poll.result()).isEqualTo(Result.FREE_RUNNING);
            assertThat(poll.detail()).isEqualTo(NOT_MEASURED);
        }
    }

    @Test
    void aSourceWithDefaultPollingIsNotCalledFreeRunningSoonAfterItsStart() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            // after iburst: the last two updates were 2 s apart, the next question comes 64 s later
            chain.poll(ScriptedChain.withUpdateInterval(GOOD, 2), GOOD_SOURCE.withPoll(6));
            assertThat(chain.pollForSeconds(64).result()).isEqualTo(Result.SYNCHRONIZED);
        }
    }

    @Test
    void aSelectedSourceThatDoesNotAnswerIsFreeRunningAtOnceWithTheRemedy() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            ClockErrorBound good = chain.synchronize().bound();
            SourceReply other = GOOD_SOURCE
                    .withAddress(SourceReply.ip((byte) 10, (byte) 0, (byte) 0, (byte) 2))
                    .withState(SourceReply.SELECTABLE);
            PollOutcome poll = chain.poll(GOOD, GOOD_SOURCE.withReach(0), other);
            assertThat(poll.result()).isEqualTo(Result.FREE_RUNNING);
            assertThat(poll.detail())
                    .isEqualTo(
                            "chronyd still follows 10.0.0.1, which does not answer, while others do:"
                                    + " 'chronyc reselect' makes it choose anew, 'chronyc reset sources' measure all of them anew");
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
            assertThat(poll.bound().boundNanos()).isEqualTo(good.boundNanos());
            PollOutcome alone = chain.poll(GOOD, GOOD_SOURCE.withReach(0), other.withReach(0));
            assertThat(alone.result()).isEqualTo(Result.FREE_RUNNING);
            assertThat(alone.detail()).isEqualTo("no source of chronyd answers any more; it followed 10.0.0.1");
            assertThat(chain.poll(GOOD).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }
}
