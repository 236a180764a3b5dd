/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.GOOD;
import static io.clockbound.daemon.ScriptedChain.GOOD_NANOS;
import static io.clockbound.daemon.ScriptedChain.GOOD_SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From chronyd's socket to the published bound: steps, those that chronyd makes and those that it only believes in. */
class ScriptedStepTest {

    @ParameterizedTest
    @EnumSource
    void aStepByHandThatDoesNotMoveTheClockStaysInTheIntervalUntilTheNextMeasurement(ClockDiscipline known)
            throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withDiscipline(known);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
            chain.clock.stepWall(Duration.ofMillis(-300));
            TrackingReply late = GOOD.withCorrection(0.3);
            chain.poll(late, GOOD_SOURCE);
            chain.pollForSeconds(2);
            chain.assertThatItContainsTrueTime();
            // chronyd -x before 4.7 cancels its correction and believes that it stepped; it measured nothing
            TrackingReply cancelled = late.withCorrection(0)
                    .withReferenceTime(late.referenceTime().minusMillis(300));
            chain.poll(cancelled, GOOD_SOURCE);
            for (int i = 0; i < 12; i++) {
                chain.assertThatItContainsTrueTime();
                chain.pollForSeconds(1);
            }
            assertThat(chain.current().boundNanos()).isGreaterThan(150_000_000);
            // it finds that it is wrong, and sets its estimate right
            TrackingReply found = ScriptedChain.withLastOffset(late, -0.3)
                    .withReferenceTime(late.referenceTime().plusSeconds(15));
            chain.poll(found, GOOD_SOURCE.withMeasurement(-0.3, 0));
            chain.assertThatItContainsTrueTime();
            chain.pollForSeconds(5);
            chain.assertThatItContainsTrueTime();
            assertThat(chain.current().symmetricBoundNanos()).isLessThan(301_000_000);
        }
    }

    @Test
    void aStepByHandThatDoesNotMoveTheClockStaysInTheIntervalOfAnEstimateToo() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withEstimate(true);
        for (boolean isMeasuredBefore : new boolean[] {true, false}) {
            try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
                chain.clock.stepWall(Duration.ofMillis(-300));
                TrackingReply late = GOOD.withCorrection(0.3);
                Answer told = Answer.tracking(late);
                chain.poll(isMeasuredBefore ? told : told.withoutSources());
                chain.pollForSeconds(2);
                TrackingReply cancelled = late.withCorrection(0)
                        .withReferenceTime(late.referenceTime().minusMillis(300));
                chain.poll(Answer.tracking(cancelled).withoutSources());
                for (int i = 0; i < 3; i++) {
                    if (chain.read().status().isTrusted()) {
                        chain.assertThatItContainsTrueTime();
                    }
                    chain.pollForSeconds(1);
                }
            }
        }
    }

    @Test
    void aStepByHandOfAClockThatIsKnownToBeSteeredByNobodyStaysInTheInterval() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.clock.stepWall(Duration.ofMillis(-300));
            chain.clock.oscillateAt(50_000);
            TrackingReply state = GOOD;
            for (int tenths = 0; tenths < 100; tenths++) {
                state = ScriptedChain.withUpdateInterval(
                        ScriptedChain.withLastOffset(ScriptedChain.withFrequency(GOOD, 50), 0)
                                .withReferenceTime(GOOD.referenceTime().plusSeconds(2L * (tenths / 20)))
                                .withCorrection(-chain.clock.wallErrorNanos() * 1e-9),
                        2);
                chain.poll(state);
                chain.clock.advance(Duration.ofMillis(100));
            }
            assertThat(chain.current().boundNanos()).isLessThan(200_000);
            SourceReply source = SourceReply.followedBy(state);
            TrackingReply cancelled =
                    state.withReferenceTime(state.referenceTime().minusMillis(300));
            long then = chain.clock.wallErrorNanos();
            for (int tenths = 0; tenths < 100; tenths++) {
                chain.poll(cancelled.withCorrection((then - chain.clock.wallErrorNanos()) * 1e-9), source);
                chain.assertThatItContainsTrueTime();
                chain.clock.advance(Duration.ofMillis(100));
                chain.assertThatItContainsTrueTime();
            }
        }
    }

    @Test
    void anEstimateThatIsAllowedDoesNotEndADisruptionThatNothingWasMeasuredSince() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withEstimate(true);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
            chain.synchronize();
            chain.clock.stepWall(Duration.ofSeconds(1));
            assertThat(chain.poll().bound().status()).isEqualTo(ClockStatus.DISRUPTED);
            for (int i = 0; i < 4; i++) {
                chain.clock.advance(Duration.ofMillis(100));
                chain.poll(GOOD, GOOD_SOURCE); // it has not noticed
                assertThat(chain.read().status()).isEqualTo(ClockStatus.DISRUPTED);
                chain.clock.advance(Duration.ofMillis(100));
                chain.poll(GOOD, GOOD_SOURCE.withState(SourceReply.SELECTABLE)); // nor now
                assertThat(chain.read().status().isTrusted()).isFalse();
            }
        }
    }

    @Test
    void aStepThatChronydMayNotMakeAndForgetsStaysInTheBound() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            TrackingReply lie = ScriptedChain.withLastOffset(GOOD.withCorrection(10e-9), -0.5);
            PollOutcome poll = chain.poll(lie);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.bound().boundNanos()).isBetween(500_046_943L, 500_047_200L);
            assertThat(chain.read().earliestNanos()).isLessThanOrEqualTo(chain.clock.epochNanos() - 500_046_943);
        }
    }

    @Test
    void aLastOffsetWithinTheErrorDoesNotWidenTheBound() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            PollOutcome poll = chain.poll(ScriptedChain.withLastOffset(GOOD, 79e-6));
            assertThat(poll.bound().boundNanos()).isBetween(GOOD_NANOS, GOOD_NANOS + 10);
        }
    }
}
