/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.SimulatedWorld.Fate;
import io.clockbound.spi.LeapStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guarantee, in many random worlds: no trusted interval misses true time. */
class TruthSimulationTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant MIDNIGHT = Instant.parse("2027-01-01T00:00:00Z");
    private static final int READINGS = Integer.getInteger("clockbound.readings", 2_000);
    private static final int SEEDS = Integer.getInteger("clockbound.seeds", 100);

    @Test
    void holdsWhileTheOscillatorWanders() {
        assertNoMiss(0, Fate.WANDER, Fate.NEW_ERROR);
    }

    @Test
    void holdsWhenTheDaemonDiesAndComesBack() {
        assertNoMiss(10_000, Fate.WANDER, Fate.NEW_ERROR, Fate.KILL, Fate.STOP, Fate.RESTART, Fate.RESTART);
    }

    @Test
    void holdsWhileTheSourceRepliesSlowlyOrTheDaemonDiesDuringAPoll() {
        assertNoMiss(80_000, Fate.WANDER, Fate.NEW_ERROR, Fate.NEW_ERROR, Fate.HANG, Fate.RESTART, Fate.RESTART);
    }

    @Test
    void holdsWhenTheReferenceIsLost() {
        assertNoMiss(20_000, Fate.WANDER, Fate.NEW_ERROR, Fate.LOSE_REFERENCE, Fate.REGAIN_REFERENCE);
    }

    @Test
    void holdsWhenOthersStepTheWallClock() {
        assertNoMiss(30_000, Fate.WANDER, Fate.NEW_ERROR, Fate.STEP, Fate.DESCHEDULE);
    }

    @Test
    void holdsWhenTheMachineIsSuspended() {
        assertNoMiss(40_000, Fate.WANDER, Fate.NEW_ERROR, Fate.SUSPEND, Fate.DESCHEDULE);
    }

    @Test
    void holdsWithAHardwareClockWhoseErrorIsNotAlwaysKnown() {
        assertNoMiss(
                50_000, Fate.WANDER, Fate.NEW_ERROR, Fate.PROVIDER_FAILS, Fate.PROVIDER_TELLS, Fate.PROVIDER_TELLS);
    }

    @Test
    void holdsWhenEverythingHappens() {
        List<Fate> fates = new ArrayList<>(List.of(Fate.values()));
        fates.addAll(List.of(Fate.WANDER, Fate.NEW_ERROR, Fate.REGAIN_REFERENCE, Fate.PROVIDER_TELLS));
        fates.addAll(List.of(Fate.RESTART, Fate.RESTART, Fate.RESTART, Fate.RESTART, Fate.RESTART));
        assertNoMiss(60_000, fates.toArray(Fate[]::new));
    }

    @ParameterizedTest(name = "{0}, {1} s, the kernel follows: {2}")
    @CsvSource({
        "INSERT_SECOND, 1, true",
        "INSERT_SECOND, 1, false",
        "DELETE_SECOND, -1, true",
        "DELETE_SECOND, -1, false"
    })
    void holdsOverALeapSecond(LeapStatus announced, int insertedSeconds, boolean isFollowed) {
        int trusted = 0;
        for (long seed = 70_000; seed < 70_000 + SEEDS; seed++) {
            SimulatedWorld world = new SimulatedWorld(seed, MIDNIGHT.minusSeconds(60), List.of(Fate.WANDER));
            if (world.isForgetful()) {
                continue; // a daemon that loses a second which it may not step loses the leap second with it
            }
            world.source.announce(announced);
            // Unix time jumps at midnight when it repeats a second, and a second before when it skips one
            world.runUntil(MIDNIGHT.minusSeconds(insertedSeconds > 0 ? 0 : 1));
            world.clock.leap(insertedSeconds);
            if (isFollowed) {
                world.clock.stepWall(Duration.ofSeconds(-insertedSeconds));
            }
            world.runUntil(MIDNIGHT.plusSeconds(world.random.nextInt(3)));
            world.source.announce(LeapStatus.NORMAL);
            world.runUntil(MIDNIGHT.plusSeconds(300));
            assertThat(world.missed)
                    .as("misses of seed " + seed + ", " + world.setup)
                    .isZero();
            trusted += world.trusted;
        }
        assertThat(trusted).as("trusted readings").isGreaterThan(SEEDS * 10);
    }

    private static void assertNoMiss(long firstSeed, Fate... fates) {
        List<String> misses = new ArrayList<>();
        int trusted = 0;
        for (long seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
            SimulatedWorld world = new SimulatedWorld(seed, START, List.of(fates));
            world.run(READINGS);
            trusted += world.trusted;
            if (world.missed > 0) {
                misses.add("seed " + seed + ": " + world.missed + " of " + world.trusted + " miss, worst by "
                        + world.worstNanos + " ns; " + world.setup);
            }
        }
        assertThat(misses).isEmpty();
        assertThat(trusted).as("trusted readings").isGreaterThan(SEEDS * READINGS / 16);
    }
}
