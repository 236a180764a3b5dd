/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.spi.ReferenceId;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BoundSettingsTest {

    private static final BoundSettings DEFAULTS = BoundSettings.DEFAULTS;
    private static final ReferenceId GPS = ReferenceId.ofClock("GPS");

    @Test
    void theEndsOfTheRangesAreAllowed() {
        assertThatCode(() -> DEFAULTS.withMaxClockErrorPpb(0)
                        .withPollInterval(Duration.ofMillis(100))
                        .withHoldover(Duration.ofSeconds(1))
                        .withMaxSlewRatePpb(1)
                        .withReferenceError(GPS, Duration.ZERO))
                .doesNotThrowAnyException();
        assertThatCode(() -> DEFAULTS.withMaxClockErrorPpb(999_999_999)
                        .withPollInterval(Duration.ofSeconds(60))
                        .withHoldover(Duration.ofDays(1))
                        .withMaxSlewRatePpb(100_000_000)
                        .withReferenceError(GPS, Duration.ofDays(1)))
                .doesNotThrowAnyException();
    }

    @Test
    void aValueOutOfRangeIsRefusedWithTheValueAndTheRule() {
        assertRefused(() -> DEFAULTS.withMaxClockErrorPpb(-1), "max clock error of -1 ppb must be 0 to 999999999");
        assertRefused(
                () -> DEFAULTS.withMaxClockErrorPpb(1_000_000_000),
                "max clock error of 1000000000 ppb must be 0 to 999999999");
        assertRefused(
                () -> DEFAULTS.withPollInterval(Duration.ofMillis(99)),
                "poll interval of 99 ms must be 100 to 60000 ms");
        assertRefused(
                () -> DEFAULTS.withPollInterval(Duration.ofNanos(60_000_000_001L)),
                "poll interval of 60000.000001 ms must be 100 to 60000 ms");
        assertRefused(
                () -> DEFAULTS.withHoldover(Duration.ofMillis(999)), "holdover of 999 ms must be 1000 to 86400000 ms");
        assertRefused(() -> DEFAULTS.withHoldover(Duration.ofDays(2)), "must be 1000 to 86400000 ms");
        assertRefused(() -> DEFAULTS.withMaxSlewRatePpb(0), "max slew rate of 0 ppb must be 1 to 100000000");
        assertRefused(() -> DEFAULTS.withMaxSlewRatePpb(100_000_001), "must be 1 to 100000000");
        assertRefused(
                () -> DEFAULTS.withReferenceError(GPS, Duration.ofMillis(-1)),
                "reference error of GPS of -1 ms must be 0 to 86400000 ms");
    }

    @Test
    void eachSettingIsChangedAlone() {
        BoundSettings changed = DEFAULTS.withMaxClockErrorPpb(1)
                .withPollInterval(Duration.ofSeconds(2))
                .withHoldover(Duration.ofSeconds(3))
                .withLocalReference(true)
                .withEstimate(true)
                .withDiscipline(ClockDiscipline.UNDISCIPLINED)
                .withMaxSlewRatePpb(4)
                .withReferenceError(GPS, Duration.ofNanos(5));
        assertThat(changed)
                .isEqualTo(new BoundSettings(
                        1,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        true,
                        true,
                        ClockDiscipline.UNDISCIPLINED,
                        OptionalLong.of(4),
                        Map.of(GPS, Duration.ofNanos(5))));
    }

    private static void assertRefused(ThrowingCallable change, String message) {
        assertThatIllegalArgumentException().isThrownBy(change).withMessageContaining(message);
    }
}
