/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.order.HybridSimulation.Uncertain;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Without any wait: no read misses what was written before it began, and no honest timestamp is ahead of true time or refused. */
class HybridSimulationTest {

    private static final long SEED = Long.getLong("clockbound.order.seed", 1);
    private static final int SEEDS = Integer.getInteger("clockbound.seeds", 24);
    private static final int READS = 2_000;

    @Test
    void readsSeeWhatWasWrittenBeforeTheyBegan() {
        int reads = 0;
        int restarts = 0;
        int refusals = 0;
        for (long seed : seeds()) {
            HybridSimulation simulation = simulation(seed, Uncertain.RESTART, 1, READS);
            assertThat(simulation.stale()).as(replay(seed)).isEmpty();
            assertThat(simulation.ahead)
                    .as("timestamps ahead of true time; " + replay(seed))
                    .isZero();
            assertThat(simulation.refusedAsFuture)
                    .as("honest timestamps refused; " + replay(seed))
                    .isZero();
            assertThat(simulation.misses())
                    .as("the hosts are honest; " + replay(seed))
                    .isZero();
            reads += simulation.reads.size();
            restarts += simulation.restarts;
            refusals += simulation.refusedForTrust;
        }
        assertThat(reads).as("reads").isGreaterThanOrEqualTo(SEEDS * READS);
        assertThat(restarts).as("restarts").isGreaterThan(reads / 100);
        assertThat(refusals).as("refusals without trust").isGreaterThan(reads / 100);
    }

    @Test
    void readsThatIgnoreTheirUncertaintyMissWhatWasWritten() {
        assertThat(seeds().stream()
                        .mapToInt(seed -> simulation(seed, Uncertain.IGNORE, 1, READS / 10)
                                .stale()
                                .size())
                        .sum())
                .isGreaterThan(SEEDS);
    }

    @Test
    void readsMissWhatWasWrittenWhenClocksLieAndOnlySomeOfThatIsRefused() {
        int stale = 0;
        int refused = 0;
        for (long seed : seeds()) {
            HybridSimulation simulation = simulation(seed, Uncertain.RESTART, 3, READS / 10);
            stale += simulation.stale().size();
            refused += simulation.refusedAsFuture;
        }
        assertThat(stale).isGreaterThan(SEEDS);
        assertThat(refused).isGreaterThan(SEEDS);
    }

    private static HybridSimulation simulation(long seed, Uncertain uncertain, double lie, int reads) {
        HybridSimulation simulation = new HybridSimulation(seed, uncertain, lie);
        simulation.run(reads);
        return simulation;
    }

    private static List<Long> seeds() {
        return LongStream.range(SEED, SEED + SEEDS).boxed().toList();
    }

    private static String replay(long seed) {
        return "replay with -Dclockbound.seeds=1 -Dclockbound.order.seed=" + seed;
    }
}
