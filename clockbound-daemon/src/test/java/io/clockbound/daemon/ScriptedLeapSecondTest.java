/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.GOOD;
import static io.clockbound.daemon.ScriptedChain.assertUnsynchronized;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.LeapStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** From chronyd's socket to the published bound: leap seconds. */
class ScriptedLeapSecondTest {

    private static final Instant MIDNIGHT =
            Instant.parse("2026-12-31T00:00:00Z").plus(Duration.ofDays(1));

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
                    inProgress, "a leap second is due or just over, and the time source has not measured since");
            chain.clock.leap(1); // neither clock follows: chronyd's leapsecmode is ignore
            chain.poll(before);
            assertUnsynchronized(
                    chain.pollForSeconds(1),
                    "a leap second is due or just over, and the time source has not measured since");
            // only then the measurement was certainly made after midnight, also by a clock that missed the second
            chain.clock.advance(Duration.ofSeconds(4));
            TrackingReply after =
                    GOOD.withReferenceTime(MIDNIGHT.plusSeconds(1)).withCorrection(-1.00005);
            PollOutcome over = chain.poll(after);
            assertThat(over.bound().status()).as(over.detail()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(chain.read().earliestNanos()).isLessThanOrEqualTo(chain.clock.trueNanos());
        }
    }
}
