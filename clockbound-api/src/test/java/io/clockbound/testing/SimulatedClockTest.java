/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedClockTest {

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void startsWithoutError() {
        assertThat(clock.instant()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(clock.wallErrorNanos()).isZero();
    }

    @Test
    void frequencyMovesBothClocksAlikeAndLosesNoFraction() {
        clock.oscillateAt(20_000);
        clock.slewAt(-7);
        long before = clock.monotonicNanos();
        for (int i = 0; i < 1_000_000; i++) {
            clock.advanceNanos(1_001);
        }
        assertThat(clock.wallErrorNanos()).isEqualTo(20_012); // 19 993 ppb of 1.001 s
        assertThat(clock.monotonicNanos() - before).isEqualTo(1_001_000_000 + 20_012);
    }

    @Test
    void aStepMovesTheWallClockOnly() {
        long before = clock.monotonicNanos();
        clock.stepWall(Duration.ofSeconds(-3));
        assertThat(clock.wallErrorNanos()).isEqualTo(-3_000_000_000L);
        assertThat(clock.monotonicNanos()).isEqualTo(before);
    }

    @Test
    void theMonotonicClockMissesASuspend() {
        long before = clock.monotonicNanos();
        clock.suspend(Duration.ofHours(1), false);
        clock.suspend(Duration.ofHours(1), true);
        assertThat(clock.monotonicNanos()).isEqualTo(before);
        assertThat(clock.wallErrorNanos()).isEqualTo(Duration.ofHours(-1).toNanos());
        assertThat(clock.elapsedNanos()).isEqualTo(Duration.ofHours(2).toNanos());
    }

    @Test
    void noClockFollowsALeapSecond() {
        clock.leap(1);
        assertThat(clock.wallErrorNanos()).isEqualTo(1_000_000_000);
        assertThat(clock.elapsedNanos()).isZero();
    }

    @Test
    void readingsTakeTimeAndCanBeDisturbedOnce() {
        List<Long> disturbed = new ArrayList<>();
        clock.readingCosts(Duration.ofNanos(30));
        clock.beforeReading(2, () -> disturbed.add(clock.elapsedNanos()));
        for (int i = 0; i < 4; i++) {
            clock.instant();
        }
        assertThat(disturbed).containsExactly(30L);
        assertThat(clock.elapsedNanos()).isEqualTo(120);
    }

    @Test
    void waitingLetsTimePass() {
        long before = clock.trueNanos();
        clock.parkNanos(50);
        assertThat(clock.trueNanos() - before).isEqualTo(50);
        Thread.currentThread().interrupt();
        clock.parkNanos(50);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(clock.trueNanos() - before).isEqualTo(50);
    }

    @Test
    void delayedTasksRunInOrderWhenTimePasses() {
        List<String> done = new ArrayList<>();
        clock.delayed(20).execute(() -> done.add("third"));
        clock.delayed(10).execute(() -> done.add("first"));
        clock.delayed(10).execute(() -> done.add("second"));
        clock.advanceNanos(9);
        assertThat(done).isEmpty();
        clock.advanceNanos(1);
        assertThat(done).containsExactly("first", "second");
        clock.advanceNanos(100);
        assertThat(done).containsExactly("first", "second", "third");
    }
}
