/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchViewTest {

    private static final Instant WALL = Instant.parse("2026-11-23T08:38:37.5Z");

    private final StringWriter output = new StringWriter();
    private final WatchView view = new WatchView("a clock", new PrintWriter(output, true));

    @Test
    void aReadingIsItsIntervalAndItsBound() {
        assertThat(show(synchronizedWithin(1_000)))
                .containsExactly(
                        "clock     a clock",
                        "status    SYNCHRONIZED",
                        "earliest  1970-01-01T00:00:00.000999Z",
                        "latest    1970-01-01T00:00:00.001001Z",
                        "bound     ± 1 µs",
                        "          █  up to 1 µs");
    }

    @Test
    void theNextOneTakesItsPlace() {
        show(synchronizedWithin(1_000));
        output.getBuffer().setLength(0);
        view.show(synchronizedWithin(2_000), WALL);
        assertThat(output.toString()).startsWith("\u001b[6A\u001b[?7l\r\u001b[Kclock");
        assertThat(output.toString()).contains("▄█  up to 2 µs");
    }

    @Test
    void aReadingWithoutTrustIsAGapAndAChange() {
        show(synchronizedWithin(1_000));
        assertThat(show(BoundedInstant.unbounded(ClockStatus.DISRUPTED)))
                .containsSequence("earliest  -", "latest    -", "bound     -", "          █   up to 1 µs")
                .endsWith("2026-11-23T08:38:37Z  SYNCHRONIZED -> DISRUPTED");
    }

    @Test
    void theChartAndTheChangesDoNotGrowWithoutEnd() {
        List<String> lines = List.of();
        for (int i = 0; i < 200; i++) {
            lines = show(i % 2 == 0 ? synchronizedWithin(1_000) : BoundedInstant.unbounded(ClockStatus.UNKNOWN));
        }
        assertThat(lines).hasSize(14).allMatch(line -> line.length() <= 90);
    }

    private List<String> show(BoundedInstant now) {
        output.getBuffer().setLength(0);
        view.show(now, WALL);
        return output.toString()
                .replaceAll("\u001b\\[[?0-9]*[AKhl]", "")
                .replace("\r", "")
                .lines()
                .toList();
    }

    private static BoundedInstant synchronizedWithin(long nanos) {
        return new BoundedInstant(1_000_000 - nanos, 1_000_000 + nanos, ClockStatus.SYNCHRONIZED);
    }
}
