/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Prerequisites;
import io.clockbound.it.speed.SpeedTable.Row;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That each figure comes out; how good it is, depends on the machine and is for people to see. */
@Tag("interop")
class SpeedIT {

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
        Prerequisites.requireInterop();
    }

    @Test
    @Timeout(1_200) // cargo may have to build what it measures
    void everyFigureComesOut() throws Exception {
        SpeedTable table = SpeedRun.measure(SpeedEffort.SMOKE, directory);
        System.out.println(table);
        assertThat(table.rows())
                .hasSize(15)
                .allSatisfy(row ->
                        assertThat(row.figure()).as(row.what()).isFinite().isGreaterThanOrEqualTo(0));
        assertThat(table.rows().stream().map(Row::what)).anyMatch(what -> what.startsWith("stream"));
    }
}
