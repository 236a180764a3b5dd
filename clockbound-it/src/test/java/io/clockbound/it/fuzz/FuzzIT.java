/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The corpus and some new inputs, always the same ones; {@code clockbound-it/fuzz} makes as many as one likes. */
class FuzzIT {

    private static final int INPUTS = 100_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    @Timeout(300)
    void noInputBreaksADecoder(FuzzTarget target) throws Exception {
        FuzzResult result = new Fuzzer(INPUTS, directory).fuzz(target);
        assertThat(result.finding()).isEmpty();
        assertThat(result.inputs()).isGreaterThanOrEqualTo(target.inputsOf(INPUTS));
        assertThat(result.branches()).as("the decoders are instrumented").isGreaterThan(10);
    }
}
