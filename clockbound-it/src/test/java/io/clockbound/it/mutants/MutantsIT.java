/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keeps the table of mutants true; {@code clockbound-it/mutants} makes them, and sees each of them caught. */
class MutantsIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void everyMutantAppliesToTheSourceAndEveryTestThatCatchesOneExists() throws Exception {
        List<Mutant> mutants = Mutant.all();
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(25);
        for (Mutant mutant : mutants) {
            assertThat(mutant.apply(ROOT)).as(mutant.rule()).contains(mutant.wrong());
            if (!mutant.catches().matches("seed \\d+")) {
                assertThat(CatchRun.methods(mutant.catches()))
                        .as(mutant.catches())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void noRuleIsBrokenTwice() throws IOException {
        assertThat(Mutant.all()).extracting(Mutant::rule).doesNotHaveDuplicates();
    }
}
