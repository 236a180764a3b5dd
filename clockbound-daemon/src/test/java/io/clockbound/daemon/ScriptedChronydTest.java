/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.CORRECTION_NANOS;
import static io.clockbound.daemon.ScriptedChain.GOOD;
import static io.clockbound.daemon.ScriptedChain.GOOD_ERROR_NANOS;
import static io.clockbound.daemon.ScriptedChain.GOOD_NANOS;
import static io.clockbound.daemon.ScriptedChain.GOOD_SOURCE;
import static io.clockbound.daemon.ScriptedChain.RATE_PPB;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.TrackingReply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From chronyd's socket to the published bound, when the exchange itself goes wrong. */
class ScriptedChronydTest {

    private ScriptedChain chain;

    @BeforeEach
    void start() throws IOException {
        chain = new ScriptedChain();
    }

    @AfterEach
    void end() throws IOException {
        chain.close();
    }

    @Test
    void aGoodReplyBecomesABound() {
        long askedNanos = chain.clock.monotonicNanos();
        PollOutcome poll = chain.poll();
        assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
        assertThat(poll.detail()).isEqualTo("synchronised");
        ClockErrorBound bound = poll.bound();
        assertThat(bound.status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        assertThat(bound.asOfNanos()).isEqualTo(askedNanos);
        assertThat(bound.voidAfterNanos()).isEqualTo(askedNanos + 5_100_000_000L);
        assertThat(bound.correctionNanos()).isBetween(CORRECTION_NANOS / 2, CORRECTION_NANOS / 2 + 1);
        assertThat(bound.boundNanos()).isBetween(GOOD_NANOS, GOOD_NANOS + 10);
        assertThat(bound.symmetricBoundNanos())
                .isBetween(CORRECTION_NANOS + GOOD_ERROR_NANOS, CORRECTION_NANOS + GOOD_ERROR_NANOS + 10);
        // 9/8 × (15 + 0.05 + 0.01 + 51): until a second answer the 50 + 1 µs may be a slew that lasts a second
        assertThat(bound.maxDriftPpb()).isBetween(74_318, 74_360);
    }

    @Test
    void aSecondReplyOfTheSameUpdateShowsThatNothingRunsAway() {
        // 9/8 × (15 + 0.05 + 0.01) and what the rounding of chronyd's floats can hide within 100 ms
        assertThat(chain.synchronize().bound().maxDriftPpb()).isBetween((int) RATE_PPB, (int) RATE_PPB + 84);
    }

    @Test
    void aSourceThatDoesNotDisciplineTheClockCostsItsFrequency() {
        chain.synchronize();
        for (int i = 1; i <= 3; i++) {
            chain.clock.advance(Duration.ofSeconds(1));
            PollOutcome poll = chain.poll(GOOD.withCorrection(50e-6 + i * 10e-6));
            // the same measurement, older by those seconds, and half of the longer way to the estimate
            long leastNanos = GOOD_NANOS + i * (RATE_PPB + 5_000);
            assertThat(poll.bound().boundNanos()).isBetween(leastNanos, leastNanos + 20);
            // 9/8 × (15 + 0.05 + 0.01 + 10)
            assertThat(poll.bound().maxDriftPpb()).isBetween(28_193, 28_280);
        }
    }

    @Test
    void aReplyThatComesTooLateIsNoAnswerAndNotTheNextOneEither() {
        chain.synchronize();
        PollOutcome late = chain.poll(Answer.tracking(GOOD.withCorrection(0)).delayed(Duration.ofMillis(300)));
        assertNoAnswer(
                late,
                "no reply: chronyd is stopped, or does not reply to this host (see cmdallow and" + " bindcmdaddress)");
        PollOutcome next = chain.poll(GOOD.withCorrection(1e-3));
        assertThat(next.result()).isEqualTo(Result.SYNCHRONIZED);
        assertThat(next.bound().correctionNanos()).isBetween(500_000L, 500_001L);
        assertThat(next.bound().symmetricBoundNanos()).isBetween(1_046_943L, 1_050_000L);
    }

    @Test
    void aReplyWithAnotherSequenceNumberIsNotLookedAt() {
        Answer lie = Answer.tracking(GOOD.withCorrection(0));
        Answer truth = Answer.tracking(GOOD);
        PollOutcome poll = chain.poll(request -> Stream.concat(
                        lie.to(request).stream().map(ScriptedChronydTest::ofAnotherSequence),
                        truth.to(request).stream())
                .toList());
        assertThat(poll.bound().boundNanos()).isBetween(GOOD_NANOS, GOOD_NANOS + 10);
    }

    @Test
    void nothingButAnotherSequenceNumberIsNoAnswer() {
        PollOutcome poll = chain.poll(request -> Answer.tracking(GOOD).to(request).stream()
                .map(ScriptedChronydTest::ofAnotherSequence)
                .toList());
        assertThat(poll.result()).isEqualTo(Result.NO_ANSWER);
        assertThat(poll.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    private static byte[] ofAnotherSequence(byte[] reply) {
        byte[] other = reply.clone();
        other[16] ^= 1;
        return other;
    }

    @Test
    void aRefusalIsNoAnswerAndSaysTheRemedy() {
        chain.synchronize();
        assertNoAnswer(
                chain.poll(Answer.status(2)),
                "chronyd answers TRACKING with UNAUTH: not allowed here; over UDP it allows what 'opencommands' in"
                        + " chrony.conf lists, on its Unix socket everything");
    }

    @Test
    void silenceIsTrustedForFiveSecondsAndNotLonger() {
        ClockErrorBound good = chain.synchronize().bound();
        chain.clock.advance(Duration.ofNanos(4_999_999_999L));
        PollOutcome silent = chain.poll(Answer.silence());
        assertNoAnswer(
                silent,
                "no reply: chronyd is stopped, or does not reply to this host (see cmdallow and" + " bindcmdaddress)");
        assertThat(silent.bound().asOfNanos()).isEqualTo(good.asOfNanos());
        assertThat(silent.bound().boundNanos()).isEqualTo(good.boundNanos());
        assertThat(silent.bound().voidAfterNanos()).isEqualTo(good.asOfNanos() + 5_000_000_000L);
        long halfWidthNanos = (chain.read().latestNanos() - chain.read().earliestNanos()) / 2;
        // a slew that chronyd may have begun before it fell silent: twice the bound a second, and an eighth of that
        assertThat(halfWidthNanos)
                .isBetween(
                        good.boundNanosAt(chain.clock.monotonicNanos()) + 10 * good.boundNanos(),
                        good.boundNanosAt(chain.clock.monotonicNanos()) + 12 * good.boundNanos());
        chain.clock.advance(Duration.ofNanos(2));
        assertThat(chain.read().status()).isEqualTo(ClockStatus.UNKNOWN);
        assertThat(chain.poll().bound().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    @Test
    void aDeadChronydIsNoAnswerAndARestartedOneIsFound() throws IOException {
        chain.synchronize();
        chain.chronyd.die();
        assertNoAnswer(
                chain.pollForSeconds(1),
                "connection refused: nothing listens there; is chronyd running, with this cmdport?");
        assertThat(chain.pollForSeconds(5).bound().status()).isEqualTo(ClockStatus.UNKNOWN);
        chain.chronyd.restart();
        PollOutcome back = chain.poll();
        assertThat(back.result()).isEqualTo(Result.SYNCHRONIZED);
        assertThat(back.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aRestartBetweenTwoPollsIsNotEvenNoticed() throws IOException {
        chain.synchronize();
        chain.chronyd.restart();
        assertThat(chain.pollForSeconds(1).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aChronydThatHasJustStartedIsNotTrusted() {
        chain.synchronize();
        PollOutcome poll = chain.poll(TrackingReply.unsynchronized());
        assertThat(poll.result()).isEqualTo(Result.UNSYNCHRONIZED);
        assertThat(poll.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    @Test
    void garbageIsNoAnswer() {
        chain.synchronize();
        assertNoAnswer(
                chain.poll(Answer.bytes(new byte[104])),
                "version 0, packet type 0: not a reply of chronyd's protocol version 6");
        Random random = new Random(1);
        for (int length : List.of(0, 27, 104)) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            assertThat(chain.poll(Answer.bytes(noise)).result()).isEqualTo(Result.NO_ANSWER);
        }
        assertThat(chain.poll(GOOD).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aMeasurementThatCannotBeIsNoAnswer() {
        chain.synchronize();
        PollOutcome poll = chain.poll(GOOD, GOOD_SOURCE.withError(-1e-6));
        assertThat(poll.result()).isEqualTo(Result.NO_ANSWER);
        assertThat(poll.detail()).startsWith(chain.failure("chronyd reports a measurement of "));
        assertThat(poll.bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
    }

    @Test
    void numbersThatCannotBeAreNoAnswer() {
        chain.synchronize();
        PollOutcome poll = chain.poll(ScriptedChain.withSkew(GOOD, -1));
        assertThat(poll.result()).isEqualTo(Result.NO_ANSWER);
        assertThat(poll.detail()).startsWith(chain.failure("chronyd reports a skew that is negative or too large"));
    }

    private void assertNoAnswer(PollOutcome poll, String reason) {
        assertThat(poll.result()).isEqualTo(Result.NO_ANSWER);
        assertThat(poll.detail()).isEqualTo(chain.failure(reason));
        assertThat(poll.bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
    }
}
