/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoundedClockTest {

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "DISRUPTED"})
    void nowThrowsInsteadOfReturningAnIntervalWithoutTrust(ClockStatus untrusted) {
        BoundedClock clock = clock(BoundedInstant.unbounded(untrusted));
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(clock::now)
                .satisfies(e -> assertThat(e.status()).isEqualTo(untrusted))
                .withMessageContaining(untrusted.name())
                .withMessageContaining("what the test says")
                .withMessageContaining("waitUntilTrusted")
                .satisfies(e -> assertThat(e).hasMessageNotContaining("clockboundctl"));
        assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(() -> clock.isPast(Instant.MIN));
        assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(() -> clock.isFuture(Instant.MAX));
    }

    @ParameterizedTest
    @EnumSource(names = {"SYNCHRONIZED", "FREE_RUNNING"})
    void nowReturnsATrustedInterval(ClockStatus trusted) {
        BoundedInstant interval = new BoundedInstant(1, 2, trusted);
        assertThat(clock(interval).now()).isEqualTo(interval);
    }

    @Test
    void pastAndFutureAreThoseOfTheInterval() {
        BoundedClock clock = clock(new BoundedInstant(0, 1_000, ClockStatus.SYNCHRONIZED));
        assertThat(clock.isPast(Instant.EPOCH.minusNanos(1))).isTrue();
        assertThat(clock.isFuture(Instant.EPOCH.plusNanos(1_001))).isTrue();
        assertThat(clock.isPast(Instant.EPOCH)).isFalse();
    }

    @Test
    void codesAreThoseOfTheSharedSegments() {
        assertThat(ClockStatus.values()).extracting(ClockStatus::code).containsExactly(0, 1, 2, 3);
    }

    private static BoundedClock clock(BoundedInstant reading) {
        return new BoundedClock() {
            @Override
            public BoundedInstant read() {
                return reading;
            }

            @Override
            public String description() {
                return "what the test says";
            }

            @Override
            public void close() {}
        };
    }
}
