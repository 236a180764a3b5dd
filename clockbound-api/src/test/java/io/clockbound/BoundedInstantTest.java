/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoundedInstantTest {

    private final BoundedInstant now = new BoundedInstant(1_000, 2_000, ClockStatus.SYNCHRONIZED);

    @Test
    void anInstantIsPastWhenItLiesBeforeTheInterval() {
        assertThat(now.isPast(Instant.ofEpochSecond(0, 999))).isTrue();
        assertThat(now.isPast(Instant.ofEpochSecond(0, 1_000))).isFalse();
        assertThat(now.isPast(Instant.MIN)).isTrue();
        assertThat(now.isPast(Instant.MAX)).isFalse();
    }

    @Test
    void anInstantIsFutureWhenItLiesAfterTheInterval() {
        assertThat(now.isFuture(Instant.ofEpochSecond(0, 2_001))).isTrue();
        assertThat(now.isFuture(Instant.ofEpochSecond(0, 2_000))).isFalse();
        assertThat(now.isFuture(Instant.MAX)).isTrue();
        assertThat(now.isFuture(Instant.MIN)).isFalse();
    }

    @Test
    void nothingIsPastOrFutureForAClockWithoutTrust() {
        BoundedInstant unbounded = BoundedInstant.unbounded(ClockStatus.UNKNOWN);
        assertThat(unbounded.isPast(Instant.MIN)).isFalse();
        assertThat(unbounded.isFuture(Instant.MAX)).isFalse();
        assertThat(unbounded.earliest()).isBefore(unbounded.latest());
    }

    @Test
    void endsAreInstants() {
        BoundedInstant before1970 = new BoundedInstant(-1_000_000_001, 5, ClockStatus.FREE_RUNNING);
        assertThat(before1970.earliest()).isEqualTo(Instant.parse("1969-12-31T23:59:58.999999999Z"));
        assertThat(before1970.latest()).isEqualTo(Instant.parse("1970-01-01T00:00:00.000000005Z"));
    }

    @Test
    void anEmptyIntervalDoesNotExist() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoundedInstant(5, 5, ClockStatus.SYNCHRONIZED))
                .withMessage("interval [5, 5] ns is empty");
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "DISRUPTED"})
    void anIntervalWithoutTrustHasNoEnds(ClockStatus untrusted) {
        assertThatIllegalArgumentException().isThrownBy(() -> new BoundedInstant(1, Long.MAX_VALUE, untrusted));
        assertThatIllegalArgumentException().isThrownBy(() -> new BoundedInstant(Long.MIN_VALUE, 1, untrusted));
    }

    @Test
    void epochNanosSaturate() {
        assertThat(BoundedInstant.epochNanos(Instant.parse("2300-01-01T00:00:00Z")))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(BoundedInstant.epochNanos(Instant.MIN)).isEqualTo(Long.MIN_VALUE);
        assertThat(BoundedInstant.epochNanos(Instant.ofEpochSecond(1, 7))).isEqualTo(1_000_000_007);
    }
}
