/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.GOOD;
import static io.clockbound.daemon.ScriptedChain.GOOD_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.Poll;
import io.clockbound.Poll.Result;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** From chronyd's socket to the published bound, by what chronyd says of itself. */
class ScriptedStateTest {

    private static final Instant MIDNIGHT =
            Instant.parse("2026-12-31T00:00:00Z").plus(Duration.ofDays(1));
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
        BoundSettings settings = new BoundSettings(50_000, Duration.ofSeconds(1), Duration.ofSeconds(1000), true);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.EPOCH.plus(Duration.ofDays(20_000)))) {
            chain.poll(LOCAL);
            Poll poll = chain.pollForSeconds(60);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(poll.bound().maxDriftPpb()).isGreaterThanOrEqualTo(55_000);
        }
    }

    @Test
    void afterASingleUpdateNothingIsTrusted() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            assertUnsynchronized(
                    chain.poll(ScriptedChain.withSkew(GOOD, 1e6)),
                    "the source has made a single update so far and does not know the clock's frequency");
            assertThat(chain.poll(GOOD).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void leapStatusThreeIsRefused() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            ClockErrorBound good = chain.synchronize().bound();
            Poll poll = chain.poll(ScriptedChain.withLeap(GOOD, LeapStatus.UNSYNCHRONIZED));
            assertUnsynchronized(poll, "the source is not synchronised: it has no reference");
            assertThat(poll.bound().asOfNanos()).isEqualTo(good.asOfNanos());
        }
    }

    @Test
    void aSourceThatLostItsReferenceIsFreeRunningAfterSixteenSecondsAndVoidAfterTheHoldover() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.synchronize(); // chronyd goes on saying leap 0, and its reference time stands still
            ClockErrorBound atSixteen = chain.pollForSeconds(15).bound();
            assertThat(atSixteen.status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            Poll poll = chain.pollForSeconds(1);
            assertThat(poll.result()).isEqualTo(Result.FREE_RUNNING);
            assertThat(poll.detail())
                    .isEqualTo("the source has not updated its estimate for long: it has lost its reference");
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
            assertThat(poll.bound().asOfNanos()).isEqualTo(atSixteen.asOfNanos() + 1_000_000_000);
            poll = chain.pollForSeconds(999);
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.FREE_RUNNING);
            assertThat(poll.bound().voidAfterNanos()).isEqualTo(atSixteen.asOfNanos() + HOLDOVER_NANOS);
            chain.clock.advance(Duration.ofNanos(1));
            assertThat(chain.read().status()).isEqualTo(ClockStatus.UNKNOWN);
            assertThat(chain.poll().bound().status()).isEqualTo(ClockStatus.UNKNOWN);
            Poll updated =
                    chain.poll(GOOD.withReferenceTime(GOOD.referenceTime().plusSeconds(1000)));
            assertThat(updated.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void aStepThatChronydMayNotMakeAndForgetsStaysInTheBound() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            TrackingReply lie = ScriptedChain.withLastOffset(GOOD.withCorrection(10e-9), -0.5);
            Poll poll = chain.poll(lie);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.bound().boundNanos()).isBetween(500_030_000L, 500_030_200L);
            assertThat(chain.read().earliestNanos()).isLessThanOrEqualTo(chain.clock.epochNanos() - 500_030_000);
        }
    }

    @Test
    void aLastOffsetWithinTheErrorDoesNotWidenTheBound() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            Poll poll = chain.poll(ScriptedChain.withLastOffset(GOOD, 79e-6));
            assertThat(poll.bound().boundNanos()).isBetween(GOOD_NANOS, GOOD_NANOS + 10);
        }
    }

    @Test
    void aClockThatRunsAwayUnderAFastSlewIsGivenThatSpeed() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.poll(GOOD.withCorrection(1));
            chain.clock.advance(Duration.ofMillis(100));
            // 83 333 ppm for 100 ms
            Poll poll = chain.poll(GOOD.withCorrection(1 - 0.0083333));
            assertThat(poll.bound().maxDriftPpb()).isBetween(91_666_300, 91_680_000);
        }
    }

    @Test
    void anAnnouncedLeapSecondEndsEveryIntervalBeforeMidnight() throws IOException {
        try (ScriptedChain chain = new ScriptedChain(BoundSettings.DEFAULTS, MIDNIGHT.minusSeconds(3))) {
            TrackingReply announced = ScriptedChain.withLeap(GOOD, LeapStatus.INSERT_SECOND);
            Poll poll = chain.poll(announced);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            long latestNanos = poll.bound().asOfNanos()
                    + poll.bound().witnessNanos()
                    + poll.bound().boundNanos();
            long gapNanos = MIDNIGHT.getEpochSecond() * 1_000_000_000 - latestNanos;
            assertThat(poll.bound().voidAfterNanos() - poll.bound().asOfNanos())
                    .isBetween(gapNanos - 200_000, gapNanos);
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
            Poll inProgress = chain.pollForSeconds(2);
            assertUnsynchronized(
                    inProgress, "a leap second is due or just over, and the source has not measured since");
            chain.clock.leap(1); // neither clock follows: chronyd's leapsecmode is ignore
            chain.poll(before);
            assertUnsynchronized(
                    chain.pollForSeconds(1),
                    "a leap second is due or just over, and the source has not measured since");
            TrackingReply after =
                    GOOD.withReferenceTime(MIDNIGHT.plusSeconds(1)).withCorrection(-1.00005);
            Poll over = chain.poll(after);
            assertThat(over.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(chain.read().earliestNanos()).isLessThanOrEqualTo(chain.clock.trueNanos());
        }
    }

    private static void assertUnsynchronized(Poll poll, String detail) {
        assertThat(poll.result()).isEqualTo(Result.UNSYNCHRONIZED);
        assertThat(poll.detail()).isEqualTo(detail);
        assertThat(poll.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
    }
}
