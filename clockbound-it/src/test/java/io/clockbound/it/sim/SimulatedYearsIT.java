/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guarantee beside simulated chronyds; {@code clockbound-it/simulate} runs more of the same, for as long as one likes. */
class SimulatedYearsIT {

    private static final int SEEDS = Integer.getInteger("clockbound.seeds", 240);

    @TempDir
    Path directory;

    /** A seed that fails is printed, with what it is; {@code clockbound-it/simulate SEED only} runs it again. */
    @Test
    void noTrustedIntervalMissesTrueTimeAndTrustComesBackWhateverHappens() throws IOException {
        Verdict all = new Verdict(100_000);
        for (long seed = 0; seed < SEEDS; seed++) {
            all.add(SimulationRun.run(seed, SimulatedSeed.POLLS, directory, false));
        }
        assertThat(all.notes).isEmpty();
        assertThat(all.missed).isZero();
        assertThat(all.trusted).as("trusted").isGreaterThan(all.readings / 3);
        assertThat(all.widthQuantile(0.5))
                .as("width, as a multiple of what an oracle gets from the same measurements")
                .isBetween(1.0, 1.2);
    }

    @Test
    void aSeedReplaysExactly() throws IOException {
        Verdict first =
                SimulationRun.run(12, SimulatedSeed.POLLS, Files.createDirectory(directory.resolve("first")), false);
        Verdict again =
                SimulationRun.run(12, SimulatedSeed.POLLS, Files.createDirectory(directory.resolve("again")), false);
        assertThat(SimulationRun.json(12, 12, again)).isEqualTo(SimulationRun.json(12, 12, first));
    }
}
