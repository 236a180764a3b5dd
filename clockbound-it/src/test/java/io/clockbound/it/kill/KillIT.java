/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Prerequisites;
import io.clockbound.it.Programs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Some of what {@code clockbound-it/kill} does with as many writers as one likes. */
class KillIT {

    private static final int KILLS = 5;
    private static final int WRITERS = 8;

    @TempDir
    private Path directory;

    @Test
    @Timeout(300)
    void aWriterThatIsKilledLeavesNoRecordThatIsMixedNarrowedOrNotItsOwn() throws Exception {
        Prerequisites.require(Programs.find("gcc").isPresent(), "gcc is not on this machine");
        KillVerdict verdict = new Killing(directory, WRITERS, 1).kill(KILLS);
        assertThat(verdict.wrong()).isEmpty();
        assertThat(verdict.mixed()).isZero();
        assertThat(verdict.records()).isGreaterThan(KILLS * WRITERS);
        assertThat(verdict.readings()).isPositive();
    }
}
