/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.clockbound.it.Prerequisites;
import io.clockbound.it.Programs;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of what {@code clockbound-it/scaling} measures. */
class ScalingIT {

    private static final Pattern POINT = Pattern.compile("<circle ");
    private static final Pattern CURVE = Pattern.compile("<polyline ");

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
        for (String program : List.of("gcc", "taskset")) {
            Prerequisites.require(Programs.find(program).isPresent(), program + " is not on this machine");
        }
        Prerequisites.require(Runtime.getRuntime().availableProcessors() > 1, "there are no two processors");
    }

    @Test
    @Timeout(600)
    void tablesAndPictureHaveAFigureOfEveryProgramForEveryCount() throws Exception {
        List<Growth> growths = ScalingRun.measure(SpeedEffort.SMOKE, directory);
        assertThat(growths)
                .extracting(
                        growth -> growth.curves().size(),
                        growth -> growth.counts().size())
                .containsExactly(tuple(2, 4), tuple(2, 5), tuple(2, 5), tuple(1, 4), tuple(1, 3));
        assertThat(growths).allSatisfy(growth -> {
            assertThat(growth.curves())
                    .allSatisfy(curve -> assertThat(curve.figures())
                            .as(growth.title() + ", " + curve.name())
                            .hasSameSizeAs(growth.counts())
                            .allSatisfy(figure -> assertThat(figure).isBetween(0.0, 1e6)));
            List<String> rows = growth.toString().lines().toList();
            assertThat(rows).hasSize(2 + growth.curves().size());
            assertThat(rows)
                    .allSatisfy(row -> assertThat(row.chars().filter(each -> each == '|'))
                            .as(row)
                            .hasSize(2 + growth.counts().size()));
        });
        String picture = GrowthPicture.of(growths);
        assertThat(picture).contains(growths.stream().map(Growth::title).toList());
        assertThat(CURVE.matcher(picture).results()).hasSize(8);
        assertThat(POINT.matcher(picture).results()).hasSize(2 * 4 + 2 * 5 + 2 * 5 + 4 + 3);
    }
}
