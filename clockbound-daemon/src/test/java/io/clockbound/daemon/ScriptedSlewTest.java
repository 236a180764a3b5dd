/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.GOOD;
import static io.clockbound.daemon.ScriptedChain.GOOD_ERROR_NANOS;
import static io.clockbound.daemon.ScriptedChain.GOOD_SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.TrackingReply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** From chronyd's socket to the published bound: a clock that is slewed, or runs away. */
class ScriptedSlewTest {

    @Test
    void anOffsetByHandIsInTheIntervalWhileAndAfterItIsSlewed() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            TrackingReply right = GOOD.withCorrection(0);
            chain.poll(right, GOOD_SOURCE);
            chain.pollForSeconds(2);
            // chronyc doffset: estimate and measurement move alike, and nobody measured
            TrackingReply moved = right.withReferenceTime(right.referenceTime().plusMillis(50));
            chain.clock.slewAt(50_000_000);
            for (int tenths = 0; tenths <= 10; tenths++) {
                chain.poll(
                        moved.withCorrection(0.05 - tenths * 0.005),
                        GOOD_SOURCE.withMeasurement(GOOD_SOURCE.originalOffsetSeconds(), 0.05));
                chain.assertThatItContainsTrueTime();
                chain.clock.advance(Duration.ofMillis(100));
                chain.assertThatItContainsTrueTime();
            }
            chain.clock.slewAt(0);
            assertThat(chain.clock.wallErrorNanos()).isBetween(50_000_000L, 60_000_000L);
        }
    }

    @Test
    void aCorrectionSoLargeThatItMovesInStepsOfSecondsDoesNotFlap() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            Duration late = Duration.ofDays(463);
            chain.clock.stepWall(late.negated());
            for (int i = 0; i < 40; i++) {
                // the next that chronyd's float can tell
                PollOutcome poll = chain.poll(
                        GOOD.withCorrection((double) late.toSeconds() + (i % 3 == 0 ? 2.0 : 0.0)), GOOD_SOURCE);
                assertThat(poll.result()).as(poll.detail()).isEqualTo(Result.SYNCHRONIZED);
                assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
                chain.assertThatItContainsTrueTime();
                chain.clock.advance(Duration.ofMillis(100));
            }
        }
    }

    @Test
    void aSlewThatBeginsBetweenTwoPollsIsCoveredWhereItsFastestIsKnown() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withMaxSlewRatePpb(500_000);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
            // 9/8 × (15 + 0.05 + 0.01 + 500) ppm
            assertThat(chain.synchronize().bound().maxDriftPpb()).isBetween(579_443, 579_550);
        }
    }

    @Test
    void aSlewThatNobodyEndsWhileChronydIsSilentIsCoveredWhereItsFastestIsKnown() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withMaxSlewRatePpb(500_000);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
            chain.poll(GOOD.withCorrection(0), GOOD_SOURCE);
            chain.clock.slewAt(500_000);
            chain.chronyd.answer(Answer.silence());
            for (int tenths = 0; tenths < 4; tenths++) {
                chain.clock.advance(Duration.ofSeconds(1));
                chain.assertThatItContainsTrueTime();
            }
            assertThat(chain.poll().result()).isEqualTo(Result.NO_ANSWER);
            chain.assertThatItContainsTrueTime();
            assertThat(chain.clock.wallErrorNanos()).isEqualTo(2_000_000);
        }
    }

    @Test
    void thatNobodySteersTheClockIsFoundOutFromTheReplies() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.clock.stepWall(Duration.ofMillis(-300));
            chain.clock.oscillateAt(50_000);
            long narrowNanos = Long.MAX_VALUE;
            for (int tenths = 0; tenths < 100; tenths++) {
                int update = tenths / 20;
                TrackingReply state = ScriptedChain.withLastOffset(ScriptedChain.withFrequency(GOOD, 50), 0)
                        .withReferenceTime(GOOD.referenceTime().plusSeconds(2L * update))
                        .withCorrection(-chain.clock.wallErrorNanos() * 1e-9);
                chain.poll(ScriptedChain.withUpdateInterval(state, 2));
                chain.assertThatItContainsTrueTime();
                narrowNanos = Math.min(narrowNanos, chain.current().boundNanos());
                if (update < 2) {
                    assertThat(chain.current().boundNanos()).isGreaterThan(140_000_000);
                }
                chain.clock.advance(Duration.ofMillis(100));
                chain.assertThatItContainsTrueTime();
            }
            assertThat(narrowNanos).isLessThan(200_000);
        }
    }

    @Test
    void theIntervalOfAClockThatNobodySteersIsAsNarrowAsTheMeasurement() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withDiscipline(ClockDiscipline.UNDISCIPLINED);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
            chain.clock.stepWall(Duration.ofMillis(-300));
            ClockErrorBound bound =
                    chain.poll(GOOD.withCorrection(0.3), GOOD_SOURCE).bound();
            assertThat(bound.correctionNanos()).isBetween(299_999_900L, 300_000_100L);
            // and what the float of 300 ms lost
            assertThat(bound.boundNanos()).isBetween(GOOD_ERROR_NANOS, GOOD_ERROR_NANOS + 50);
            chain.assertThatItContainsTrueTime();
        }
    }

    @Test
    void aClockThatRunsAwayUnderAFastSlewIsGivenThatSpeed() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.poll(GOOD.withCorrection(1));
            chain.clock.advance(Duration.ofMillis(100));
            // 83 333 ppm for 100 ms
            PollOutcome poll = chain.poll(GOOD.withCorrection(1 - 0.0083333));
            assertThat(poll.bound().maxDriftPpb()).isBetween(93_766_500, 93_784_000);
        }
    }
}
