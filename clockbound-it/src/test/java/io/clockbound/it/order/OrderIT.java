/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import static io.clockbound.it.truth.Scenario.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of what {@code clockbound-it/order} shows. How fast anything is depends on the machine; order does not. */
class OrderIT {

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Fleet.require();
    }

    @Test
    @Timeout(900)
    void hostsThatWaitNeverContradictRealOrderAndTheCheckerSeesThoseThatDoNot() throws Exception {
        List<OrderRun.Row> rows =
                OrderRun.run(directory, Duration.ofSeconds(seconds(12, 60)), Duration.ofSeconds(seconds(12, 24)));
        Report.ORDER.add(
                "hosts whose clocks are apart", OrderRun.table(rows).lines().toList());
        assertThat(rows).extracting(OrderRun.Row::mode).containsExactly(Mode.values());

        Verdict waiting = rows.get(0).verdict();
        assertThat(waiting.realOrder()).isEmpty();
        assertThat(waiting.versions()).isEmpty();
        assertThat(waiting.overlaps()).isEmpty();
        assertThat(waiting.misses()).isEmpty();
        assertThat(waiting.history().commits())
                .extracting(History.Commit::host)
                .contains("plain", "far", "cut-off", "suspended");
        assertThat(waiting.history().handOvers())
                .extracting(History.HandOver::host)
                .contains("plain", "far", "cut-off", "suspended");

        Verdict notWaiting = rows.get(1).verdict();
        assertThat(notWaiting.realOrder()).isNotEmpty();
        assertThat(notWaiting.overlaps()).isNotEmpty();

        Verdict lying = rows.get(2).verdict();
        assertThat(lying.misses()).isNotEmpty();
        assertThat(lying.realOrder()).isNotEmpty();
        assertThat(lying.overlaps()).isNotEmpty();
    }
}
