/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.testing.FakeBoundedClock;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimingTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    private final SimulatedClock local = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeBoundedClock clock = new FakeBoundedClock(local).within(MILLI);

    @Test
    void longWorkIsMeasuredByTheIntervals() throws Exception {
        Timing<Object> timing = timing(() -> local.advance(Duration.ofHours(1)));
        assertThat(timing.minimum()).isEqualTo(Duration.ofHours(1).minusMillis(2));
        assertThat(timing.maximum()).isEqualTo(Duration.ofHours(1).plusMillis(2));
    }

    @Test
    void shortWorkIsMeasuredByTheMonotonicClock() throws Exception {
        Timing<Object> timing = timing(() -> local.advanceNanos(100_000));
        assertThat(timing.minimumNanos()).isEqualTo(90_089); // 99 999 / 1.11, rounded down
        assertThat(timing.maximumNanos()).isEqualTo(112_361); // 100 001 / 0.89, rounded up
    }

    @Test
    void noWorkTakesNoNegativeTime() throws Exception {
        Timing<Object> timing = timing(() -> {});
        assertThat(timing.minimumNanos()).isZero();
        assertThat(timing.maximumNanos()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {-101_000_000, 101_000_000})
    void aSlewAsFastAsLinuxAllowsIsAllowedFor(long slewPpb) throws Exception {
        local.slewAt(slewPpb);
        for (long nanos = 0; nanos < 1_000_000; nanos = nanos * 2 + 1) {
            long took = nanos;
            Timing<Object> timing = timing(() -> local.advanceNanos(took));
            assertThat(took).isBetween(timing.minimumNanos(), timing.maximumNanos());
        }
    }

    @Test
    void whileTheMachineWasSuspendedTheMonotonicClockStoodStill() throws Exception {
        Timing<Object> timing = timing(() -> {
            local.advance(MILLI);
            local.suspend(MILLI.dividedBy(2), true); // too short for the intervals to contradict
        });
        assertThat(MILLI.multipliedBy(3).dividedBy(2)).isBetween(timing.minimum(), timing.maximum());
        assertThat(timing.maximum()).isEqualTo(MILLI.multipliedBy(3)); // what the intervals prove
    }

    @Test
    void theWiderEndsCountWhenTheClocksContradictEachOther() throws Exception {
        Timing<Object> unseen = timing(() -> {
            local.suspend(Duration.ofSeconds(10), false);
            clock.set(around(local.trueNanos()));
        });
        assertThat(Duration.ofSeconds(10)).isBetween(unseen.minimum(), unseen.maximum());
        Timing<Object> leap = timing(() -> {
            local.advance(Duration.ofMillis(500));
            local.leap(1);
            clock.set(around(local.trueNanos()));
        });
        assertThat(Duration.ofMillis(500)).isBetween(leap.minimum(), leap.maximum());
    }

    @Test
    void neitherTheReadingsNorALossOfTheProcessorBeforeThemAreForgotten() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            local.readingCosts(Duration.ofNanos(random.nextInt(50)));
            local.slewAt(random.nextInt(200_000_001) - 100_000_000L);
            local.beforeReading(1 + random.nextInt(20), () -> local.advanceNanos(random.nextInt(1_000_000)));
            clock.set(around(local.trueNanos()));
            long[] between = new long[2];
            Timing<Object> timing = timing(() -> {
                between[0] = local.elapsedNanos();
                local.advanceNanos(random.nextInt(1_000_000));
                clock.set(around(local.trueNanos()));
                between[1] = local.elapsedNanos();
            });
            local.readUndisturbed();
            assertThat(timing.maximumNanos()).isGreaterThanOrEqualTo(between[1] - between[0]);
        }
    }

    @Test
    void theFinishIsUnknownWhenTrustWasLost() throws Exception {
        Timing<Object> timing = timing(() -> {
            local.advance(MILLI);
            clock.untrusted(ClockStatus.DISRUPTED);
        });
        assertThat(timing.earliestStart()).isEqualTo(timing.start().earliest());
        assertThat(MILLI).isBetween(timing.minimum(), timing.maximum());
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(timing::latestFinish)
                .withMessageContaining("DISRUPTED");
    }

    @Test
    void theMaximumIsUnknownWhenTrustWasLostAndTheWallClockStepped() throws Exception {
        Timing<Object> timing = timing(() -> {
            local.stepWall(MILLI);
            clock.untrusted(ClockStatus.DISRUPTED);
        });
        assertThat(timing.maximumNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void impossibleTimesAndStartsWithoutTrustDoNotExist() {
        BoundedInstant trusted = clock.now();
        BoundedInstant unbounded = BoundedInstant.unbounded(ClockStatus.UNKNOWN);
        assertThatIllegalArgumentException().isThrownBy(() -> new Timing<>(trusted, trusted, -1, 0, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Timing<>(trusted, trusted, 2, 1, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Timing<>(unbounded, trusted, 1, 2, ""));
    }

    private Timing<Object> timing(Runnable work) throws Exception {
        return clock.timing(() -> {
            work.run();
            return "done";
        });
    }

    private static BoundedInstant around(long trueNanos) {
        return new BoundedInstant(trueNanos - 1_000_000, trueNanos + 1_000_000, ClockStatus.SYNCHRONIZED);
    }
}
