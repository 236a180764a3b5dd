/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricTest {

    @Test
    void theReadmeNamesEveryMetricAndNoOther() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        assertThat(Pattern.compile("\\bclockbound_[a-z_]+")
                        .matcher(readme)
                        .results()
                        .map(MatchResult::group)
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Metric.values()).map(Metric::exportedName).toList());
    }
}
