/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.order.CommitSimulation.Wait;
import io.clockbound.testing.RealOrder;
import io.clockbound.testing.RealOrder.Commit;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** No timestamp of a commit contradicts real order, whatever befalls the hosts. */
class CommitSimulationTest {

    private static final long SEED = Long.getLong("clockbound.order.seed", 1);
    private static final int SEEDS = Integer.getInteger("clockbound.seeds", 24);
    private static final int TRANSACTIONS = 5_000;

    @Test
    void theWaitMakesTimestampsAgreeWithRealOrder() {
        int commits = 0;
        int refusals = 0;
        int losses = 0;
        int prepares = 0;
        for (long seed : seeds()) {
            CommitSimulation simulation = new CommitSimulation(seed, Wait.FULL, 1);
            simulation.run(TRANSACTIONS);
            assertThat(RealOrder.contradictions(simulation.commits))
                    .as(replay(seed))
                    .isEmpty();
            assertThat(simulation.disorders).as(replay(seed)).isEmpty();
            assertThat(simulation.misses())
                    .as("the hosts are honest; " + replay(seed))
                    .isZero();
            commits += simulation.commits.size();
            refusals += simulation.refusedForTrust;
            losses += simulation.losses();
            prepares += simulation.prepares;
        }
        assertThat(commits).as("commits").isGreaterThanOrEqualTo(SEEDS * TRANSACTIONS);
        assertThat(refusals).as("refusals without trust").isGreaterThan(commits / 100);
        assertThat(losses).as("losses of trust").isGreaterThan(SEEDS * 10);
        assertThat(prepares).as("prepares of other hosts").isGreaterThan(commits / 100);
    }

    @Test
    void withoutTheWaitTimestampsContradictRealOrder() {
        assertThat(contradictions(Wait.NONE, 1)).hasSizeGreaterThan(SEEDS);
    }

    @Test
    void clocksThatLieAboutTheirBoundMakeTimestampsContradictRealOrder() {
        assertThat(contradictions(Wait.FULL, 3)).hasSizeGreaterThan(SEEDS);
    }

    @Test
    void theCheckerSeesOneContradictionAndNoOther() {
        Commit first = new Commit("a", 0, 10, new HybridTimestamp(5));
        Commit concurrent = new Commit("b", 9, 12, new HybridTimestamp(4));
        Commit second = new Commit("b", 10, 20, new HybridTimestamp(6));
        assertThat(RealOrder.contradictions(List.of(second, concurrent, first))).isEmpty();
        Commit equal = new Commit("c", 11, 20, new HybridTimestamp(5));
        assertThat(RealOrder.contradictions(List.of(second, concurrent, equal, first)))
                .containsExactly(equal + " after " + first);
    }

    private static List<String> contradictions(Wait wait, double lie) {
        return seeds().stream()
                .flatMap(seed -> {
                    CommitSimulation simulation = new CommitSimulation(seed, wait, lie);
                    simulation.run(TRANSACTIONS / 5);
                    return RealOrder.contradictions(simulation.commits).stream();
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
