/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.CORRECTION_NANOS;
import static io.clockbound.daemon.ScriptedChain.ERROR_NANOS;
import static io.clockbound.daemon.ScriptedChain.GOOD;
import static io.clockbound.daemon.ScriptedChain.GOOD_ERROR_NANOS;
import static io.clockbound.daemon.ScriptedChain.GOOD_NANOS;
import static io.clockbound.daemon.ScriptedChain.GOOD_SOURCE;
import static io.clockbound.daemon.ScriptedChain.RATE_PPB;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From chronyd's socket to the published bound, by what chronyd says of itself. */
class ScriptedStateTest {

    private static final Instant MIDNIGHT =
            Instant.parse("2026-12-31T00:00:00Z").plus(Duration.ofDays(1));
    private static final String NOT_MEASURED =
            "the source has not measured for more than four of its poll intervals: it has"
                    + " lost its reference, or does not use what it measures";
    private static final String NOT_TOLD =
            "chronyd does not tell what it measures (chronyd answers SOURCE_DATA with UNAUTH:"
                    + " not allowed here; over UDP it allows what 'opencommands' in chrony.conf lists, on its Unix socket"
                    + " everything): in chrony.conf, 'opencommands' has to list sources and tracking";
    private static final long HOLDOVER_NANOS = 1_000_000_000_000L;

    /** chronyd's {@code local} mode reports no error at all. */
    private static final TrackingReply LOCAL = new TrackingReply(
            ReferenceId.LOCAL, 10, LeapStatus.NORMAL, GOOD.referenceTime(), 0, 0, 0, 0, 0, 0, 0, 0, 0);

    @Test
    void theLocalReferenceIsRefused() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.synchronize();
            assertUnsynchronized(
                    chain.poll(LOCAL),
                    "the source follows nothing but its own clock (local mode), which says nothing of true time; closed"
                            + " networks may allow a local reference");
        }
    }

    @Test
    void theLocalReferenceIsTrustedWhereItIsAllowed() throws IOException {
        BoundSettings settings =
                BoundSettings.DEFAULTS.withMaxClockErrorPpb(50_000).withLocalReference(true);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.EPOCH.plus(Duration.ofDays(20_000)))) {
            chain.poll(LOCAL);
            PollOutcome poll = chain.pollForSeconds(60);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(poll.bound().maxDriftPpb()).isGreaterThanOrEqualTo(55_000);
        }
    }

    @Test
    void afterASingleUpdateNothingIsTrusted() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            PollOutcome first = chain.poll(ScriptedChain.withUpdateInterval(ScriptedChain.withSkew(GOOD, 1e6), 0));
            assertThat(first.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
            assertThat(first.detail())
                    .isEqualTo("the source has made a single update since it was started: the next one will be used");
            assertThat(chain.poll(GOOD).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void aSkewThatStaysAtItsCeilingSaysWhatMayBeWrongWithTheConfiguration() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            assertUnsynchronized(
                    chain.poll(ScriptedChain.withSkew(GOOD, 1e6)),
                    "the source does not know the clock's frequency (its skew is 1000000 ppm); should that last,"
                            + " chrony.conf leaves it too few samples (maxsamples) or refuses what it finds (maxupdateskew)");
        }
    }

    @Test
    void leapStatusThreeIsRefused() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            ClockErrorBound good = chain.synchronize().bound();
            PollOutcome poll = chain.poll(ScriptedChain.withLeap(GOOD, LeapStatus.UNSYNCHRONIZED));
            assertUnsynchronized(poll, "the source is not synchronised: it has no reference");
            assertThat(poll.bound().asOfNanos()).isEqualTo(good.asOfNanos());
        }
    }

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

    @Test
    void aChronydThatDoesNotTellWhatItMeasuresIsNotTrusted() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            Answer closed = Answer.tracking(GOOD).withoutSources();
            assertUnsynchronized(chain.poll(closed), NOT_TOLD);
            chain.poll(GOOD);
            chain.poll(closed);
            PollOutcome poll = chain.pollForSeconds(1);
            assertThat(poll.result()).isEqualTo(Result.FREE_RUNNING); // what was measured before goes on growing
            assertThat(poll.detail()).isEqualTo(NOT_TOLD);
            assertThat(poll.bound().boundNanos()).isGreaterThan(GOOD_NANOS + RATE_PPB);
        }
    }

    @Test
    void aChronydThatDoesNotTellWhatItMeasuresIsTrustedWhereAnEstimateIsEnough() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withEstimate(true);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
            PollOutcome poll = chain.poll(Answer.tracking(GOOD).withoutSources());
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            long leastNanos = CORRECTION_NANOS / 2 + ERROR_NANOS;
            assertThat(poll.bound().boundNanos()).isBetween(leastNanos, leastNanos + 10);
            assertThat(poll.snapshot().orElseThrow().basis()).isEqualTo(new EstimateOnly(NOT_TOLD));
        }
    }

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
    void aRestartedChronydIsGivenTheFrequencyThatItMayHaveForgottenForEightUpdates() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            TrackingReply fast = ScriptedChain.withFrequency(GOOD, 100);
            for (int i = 0; i < 20; i++) { // nobody steers the clock, and it runs away as chronyd says
                chain.poll(fast.withCorrection(50e-6 - i * 10e-6), GOOD_SOURCE);
                chain.clock.advance(Duration.ofMillis(100));
            }
            TrackingReply restarted = ScriptedChain.withFrequency(GOOD, 0).withCorrection(-150e-6);
            chain.poll(after(restarted, 1, 0)); // of the first update no bound is made
            for (int update = 2; update <= 9; update++) {
                chain.clock.advance(Duration.ofMillis(900));
                chain.poll(after(restarted, update, 1));
                chain.clock.advance(Duration.ofMillis(100));
                // its correction stands still; 1.1 × (15 + 0.05 + 0.01 + 100), and then without the 100
                int expectedPpb = update < 9 ? 126_566 : 16_566;
                assertThat(chain.poll().bound().maxDriftPpb()).isBetween(expectedPpb, expectedPpb + 500);
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
                        assertThat(poll.bound().maxDriftPpb()).isGreaterThanOrEqualTo(126_566);
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

    @Test
    void aReferenceClockWhoseErrorNobodyTellsIsNotTrustedUntilTheOperatorSaysIt() throws IOException {
        ReferenceId gps = ReferenceId.ofClock("GPS");
        TrackingReply onGps = TrackingReply.synchronizedTo(gps);
        try (ScriptedChain chain = new ScriptedChain()) {
            PollOutcome poll = chain.poll(onGps);
            assertThat(poll.result()).isEqualTo(Result.UNSYNCHRONIZED);
            assertThat(poll.detail()).contains("reference-error GPS=TIME").contains("ENA");
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
        }
        for (long errorNanos : new long[] {0, 400_000}) {
            BoundSettings settings = BoundSettings.DEFAULTS.withReferenceError(gps, Duration.ofNanos(errorNanos));
            try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
                PollOutcome poll = chain.poll(onGps);
                assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
                assertThat(poll.referenceErrorNanos()).hasValue(errorNanos);
                assertThat(poll.bound().boundNanos()).isBetween(GOOD_NANOS + errorNanos, GOOD_NANOS + errorNanos + 10);
            }
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
            // 1.1 × (15 + 0.05 + 0.01 + 500) ppm
            assertThat(chain.synchronize().bound().maxDriftPpb()).isBetween(566_566, 566_650);
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
    void aStepThatChronydMayNotMakeAndForgetsStaysInTheBound() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            TrackingReply lie = ScriptedChain.withLastOffset(GOOD.withCorrection(10e-9), -0.5);
            PollOutcome poll = chain.poll(lie);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.bound().boundNanos()).isBetween(500_046_566L, 500_046_800L);
            assertThat(chain.read().earliestNanos()).isLessThanOrEqualTo(chain.clock.epochNanos() - 500_046_566);
        }
    }

    @Test
    void aLastOffsetWithinTheErrorDoesNotWidenTheBound() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            PollOutcome poll = chain.poll(ScriptedChain.withLastOffset(GOOD, 79e-6));
            assertThat(poll.bound().boundNanos()).isBetween(GOOD_NANOS, GOOD_NANOS + 10);
        }
    }

    @Test
    void aClockThatRunsAwayUnderAFastSlewIsGivenThatSpeed() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.poll(GOOD.withCorrection(1));
            chain.clock.advance(Duration.ofMillis(100));
            // 83 333 ppm for 100 ms
            PollOutcome poll = chain.poll(GOOD.withCorrection(1 - 0.0083333));
            assertThat(poll.bound().maxDriftPpb()).isBetween(91_682_800, 91_700_000);
        }
    }

    @Test
    void anAnnouncedLeapSecondEndsEveryIntervalBeforeMidnight() throws IOException {
        try (ScriptedChain chain = new ScriptedChain(BoundSettings.DEFAULTS, MIDNIGHT.minusSeconds(3))) {
            TrackingReply announced = ScriptedChain.withLeap(GOOD, LeapStatus.INSERT_SECOND);
            PollOutcome poll = chain.poll(announced);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            long latestNanos = poll.bound().asOfNanos()
                    + poll.bound().witnessNanos()
                    + poll.bound().correctionNanos()
                    + poll.bound().boundNanos();
            long gapNanos = MIDNIGHT.getEpochSecond() * 1_000_000_000 - latestNanos;
            assertThat(poll.bound().voidAfterNanos() - poll.bound().asOfNanos())
                    .isBetween(gapNanos - 300_000, gapNanos);
            chain.clock.advance(Duration.ofMillis(2_999));
            assertThat(chain.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            chain.clock.advance(Duration.ofMillis(1));
            assertThat(chain.read().status()).isEqualTo(ClockStatus.UNKNOWN);
        }
    }

    @Test
    void aLeapSecondIsOverWhenChronydHasMeasuredAfterIt() throws IOException {
        try (ScriptedChain chain = new ScriptedChain(BoundSettings.DEFAULTS, MIDNIGHT.minusSeconds(2))) {
            TrackingReply before = GOOD.withReferenceTime(MIDNIGHT.minusSeconds(10));
            chain.poll(ScriptedChain.withLeap(before, LeapStatus.INSERT_SECOND));
            PollOutcome inProgress = chain.pollForSeconds(2);
            assertUnsynchronized(
                    inProgress, "a leap second is due or just over, and the source has not measured since");
            chain.clock.leap(1); // neither clock follows: chronyd's leapsecmode is ignore
            chain.poll(before);
            assertUnsynchronized(
                    chain.pollForSeconds(1),
                    "a leap second is due or just over, and the source has not measured since");
            TrackingReply after =
                    GOOD.withReferenceTime(MIDNIGHT.plusSeconds(1)).withCorrection(-1.00005);
            PollOutcome over = chain.poll(after);
            assertThat(over.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(chain.read().earliestNanos()).isLessThanOrEqualTo(chain.clock.trueNanos());
        }
    }

    private static void assertUnsynchronized(PollOutcome poll, String detail) {
        assertThat(poll.result()).isEqualTo(Result.UNSYNCHRONIZED);
        assertThat(poll.detail()).isEqualTo(detail);
        assertThat(poll.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
    }
}
