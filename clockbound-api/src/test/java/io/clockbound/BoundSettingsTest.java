/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundSettingsTest {

    @Test
    void endsOfTheRangesAreAllowed() {
        assertThatCode(() -> new BoundSettings(0, Duration.ofMillis(100), Duration.ofSeconds(1), false))
                .doesNotThrowAnyException();
        assertThatCode(() -> new BoundSettings(999_999_999, Duration.ofSeconds(60), Duration.ofDays(1), true))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -1         | PT1S     | PT1000S   | max clock error of -1 ppb must be 0 to 999999999
            1000000000 | PT1S     | PT1000S   | max clock error of 1000000000 ppb must be 0 to 999999999
            1000       | PT0.099S | PT1000S   | poll interval of 99 ms must be 100 to 60000 ms
            1000       | PT61S    | PT1000S   | poll interval of 61000 ms must be 100 to 60000 ms
            1000       | PT1S     | PT0.999S  | holdover of 999 ms must be 1000 to 86400000 ms
            1000       | PT1S     | P1DT0.1S  | holdover of 86400100 ms must be 1000 to 86400000 ms
            """)
    void aBadValueIsNamedWithItsRule(long ppb, Duration pollInterval, Duration holdover, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoundSettings(ppb, pollInterval, holdover, false))
                .withMessage(message);
    }
}
