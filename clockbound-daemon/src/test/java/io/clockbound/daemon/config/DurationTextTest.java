/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "1ns, 1",
        "1us, 1000",
        "1µs, 1000",
        "250ms, 250000000",
        "' 250 ms ', 250000000",
        "1s, 1000000000",
        "0.5s, 500000000",
        "1m, 60000000000",
        "1min, 60000000000",
        "2h, 7200000000000",
        "1d, 86400000000000",
        "0.4ns, 0",
        "0.5ns, 1"
    })
    void aNumberAndAUnitAreALengthOfTime(String text, long nanos) {
        assertThat(new DurationText().convert(text)).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "s", "-1s", "+1s", "1 second", "1S", "1e3s", ".5s", "1.s", "1,5s", "PT1S", "1w"})
    void anythingElseIsRefusedWithTheRule(String text) {
        assertThatThrownBy(() -> new DurationText().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' must be a number and a unit (ns, us, ms, s, m, h, d), such as 250ms or 1s");
    }

    @Test
    void whatALongCannotHoldIsRefused() {
        assertThatThrownBy(() -> new DurationText().convert("9999999999999h"))
                .hasMessage("'9999999999999h' must be at most 2562047h (292 years): choose less");
        assertThat(new DurationText().convert("2562047h")).isEqualTo(Duration.ofHours(2_562_047));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "1, 1 ns",
        "999, 999 ns",
        "1000, 1 µs",
        "1001, 1.01 µs",
        "50349000, 50.4 ms",
        "999000, 999 µs",
        "999001, 1 ms",
        "999999999, 1 s",
        "1000000000, 1 s",
        "60000000001, 60.1 s",
        "9223372036854775807, 9230000000 s",
        "-5, -5 ns",
        "-1001, -1.01 µs"
    })
    void isShownWithThreeDigitsAwayFromZero(long nanos, String text) {
        assertThat(DurationText.of(nanos)).isEqualTo(text);
    }
}
