/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Prerequisites;
import io.clockbound.it.speed.SpeedTable.Cell.Measured;
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
        List<SpeedTable> tables = SpeedRun.measure(SpeedEffort.SMOKE, List.of(JavaRuntime.own()), directory);
        List<Row> rows = tables.stream().flatMap(table -> table.rows().stream()).toList();
        assertThat(rows).hasSize(33);
        assertThat(rows)
                .filteredOn(row ->
                        JavaRuntime.own().hasVirtualThreads() || !row.what().contains("virtual threads"))
                .allSatisfy(row -> assertThat(figures(row))
                        .as(row.what())
                        .isNotEmpty()
                        .allSatisfy(figure -> assertThat(figure).isBetween(0.0, 1e6)));
        assertThat(rows)
                .filteredOn(row -> row.what().endsWith("()`, bytes allocated"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.cells())
                        .allSatisfy(cell -> assertThat(cell)
                                .as(row.what())
                                .isInstanceOfSatisfying(
                                        Measured.class,
                                        measured -> assertThat(measured.figure().median())
                                                .isLessThanOrEqualTo(
                                                        measured.target().limit()))));
    }

    private static List<Double> figures(Row row) {
        assertThat(row.cells())
                .as(row.what())
                .allSatisfy(cell -> assertThat(cell).isInstanceOf(Measured.class));
        return row.cells().stream()
                .map(Measured.class::cast)
                .map(cell -> cell.figure().median())
                .toList();
    }
}
