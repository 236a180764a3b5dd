/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Prerequisites;
import io.clockbound.it.speed.SpeedTable.Row;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of what {@code clockbound-it/speed} measures. How fast anything is depends on the machine; garbage does not. */
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
    void everyFigureIsMeasuredAndAReadingLeavesNoMoreGarbageThanItsResult() throws Exception {
        List<Row> rows = SpeedRun.measure(SpeedEffort.SMOKE, directory).rows();
        assertThat(rows)
                .hasSize(15)
                .allSatisfy(row -> assertThat(row.figure()).as(row.what()).isBetween(0.0, 1e6));
        assertThat(rows)
                .filteredOn(row -> row.what().endsWith("bytes allocated"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.figure())
                        .as(row.what())
                        .isLessThanOrEqualTo(row.target().limit()));
    }
}
