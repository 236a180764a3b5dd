/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.order.LeaseSimulation.Way;
import io.clockbound.testing.Exclusion;
import io.clockbound.testing.Exclusion.Act;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** No two holders of a lease act at the same true instant, whatever befalls the hosts. */
class LeaseSimulationTest {

    private static final long SEED = Long.getLong("clockbound.order.seed", 1);
    private static final int SEEDS = Integer.getInteger("clockbound.seeds", 24);
    private static final int HAND_OVERS = 500;

    @Test
    void noTwoHoldersActAtTheSameInstant() {
        int handOvers = 0;
        int renewals = 0;
        int releases = 0;
        int acts = 0;
        int withoutCount = 0;
        for (long seed : seeds()) {
            LeaseSimulation simulation = new LeaseSimulation(seed, Way.RIGHT, 1);
            simulation.run(HAND_OVERS);
            assertThat(Exclusion.overlaps(simulation.acts)).as(replay(seed)).isEmpty();
            assertThat(simulation.misses())
                    .as("the hosts are honest; " + replay(seed))
                    .isZero();
            handOvers += simulation.handOvers;
            renewals += simulation.renewals;
            releases += simulation.releases;
            acts += simulation.acts.size();
            withoutCount += simulation.actsWithoutCount;
        }
        assertThat(handOvers).as("hand-overs").isGreaterThanOrEqualTo(SEEDS * HAND_OVERS);
        assertThat(renewals).as("renewals").isGreaterThan(handOvers / 10);
        assertThat(releases).as("releases").isGreaterThan(handOvers / 10);
        assertThat(acts).as("acts").isGreaterThan(handOvers);
        assertThat(withoutCount)
                .as("acts of which the second look did not approve")
                .isGreaterThan(handOvers / 100);
    }

    @Test
    void twoHoldersActAtOnceWhenOneTakesOverWithoutWaiting() {
        assertThat(overlaps(Way.WITHOUT_THE_WAIT, 1)).hasSizeGreaterThan(SEEDS);
    }

    @Test
    void twoHoldersActAtOnceWhenClocksLieAboutTheirBound() {
        assertThat(overlaps(Way.RIGHT, 3)).hasSizeGreaterThan(SEEDS);
    }

    @Test
    void twoHoldersActAtOnceWhenAnActIsPausedForLongerThanItWasGiven() {
        assertThat(overlaps(Way.WITHOUT_THE_SECOND_LOOK, 1)).hasSizeGreaterThan(SEEDS);
    }

    @Test
    void theCheckerSeesEachOverlapAndNoOther() {
        Act first = new Act("a", 0, 10);
        Act inside = new Act("a", 2, 4);
        Act next = new Act("b", 11, 12);
        Act after = new Act("a", 13, 20);
        assertThat(Exclusion.overlaps(List.of(after, next, inside, first))).isEmpty();
        Act early = new Act("b", 10, 10);
        assertThat(Exclusion.overlaps(List.of(after, next, early, inside, first)))
                .containsExactly(early + " during " + first);
        Act during = new Act("c", 12, 14);
        assertThat(Exclusion.overlaps(List.of(after, next, during, inside, first)))
                .containsExactly(during + " during " + next, after + " during " + during);
    }

    private static List<String> overlaps(Way way, double lie) {
        return seeds().stream()
                .flatMap(seed -> {
                    LeaseSimulation simulation = new LeaseSimulation(seed, way, lie);
                    simulation.run(HAND_OVERS);
                    return Exclusion.overlaps(simulation.acts).stream();
                })
                .toList();
    }

    private static List<Long> seeds() {
        return LongStream.range(SEED, SEED + SEEDS).boxed().toList();
    }

    private static String replay(long seed) {
        return "replay with -Dclockbound.seeds=1 -Dclockbound.order.seed=" + seed;
    }
}
