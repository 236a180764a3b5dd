/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SystemClockTest {

    private static final String PRINT_MONOTONIC =
            "use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC); printf '%.9f', clock_gettime(CLOCK_MONOTONIC)";

    private final LocalClock clock = LocalClock.system();

    @Test
    @EnabledOnOs(OS.LINUX)
    void monotonicTimeIsThatOfOtherPrograms() throws IOException, InterruptedException {
        long before = clock.monotonicNanos();
        Process perl = new ProcessBuilder("perl", "-e", PRINT_MONOTONIC).start();
        String seconds = new String(perl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(perl.waitFor()).isZero();
        long after = clock.monotonicNanos();
        // perl computes with doubles, which are good for a microsecond
        assertThat(new BigDecimal(seconds).movePointRight(9).longValue()).isBetween(before - 1_000, after + 1_000);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void wallClockAndMonotonicClockRunAlikeToTheNanosecond() {
        Witness first = Witness.take(clock);
        for (int i = 0; i < 20_000; i++) {
            assertThat(Witness.take(clock).differsFrom(first)).isFalse();
        }
    }

    @Test
    void wallClockIsTheSameInEveryUnit() {
        long beforeMillis = clock.millis();
        long nanos = clock.epochNanos();
        long afterMillis = clock.millis();
        assertThat(Math.floorDiv(nanos, 1_000_000)).isBetween(beforeMillis, afterMillis);
    }
}
