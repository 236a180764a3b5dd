/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
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

    @Test
    void orderIsKnownWhenIntervalsHaveNothingInCommon() {
        BoundedInstant later = new BoundedInstant(2_001, 3_000, ClockStatus.FREE_RUNNING);
        assertThat(now.isDefinitelyBefore(later)).isTrue();
        assertThat(later.isDefinitelyAfter(now)).isTrue();
        assertThat(now.overlaps(later)).isFalse();
        assertThat(later.overlaps(now)).isFalse();
        assertThat(later.isDefinitelyBefore(now)).isFalse();
        assertThat(now.isDefinitelyAfter(later)).isFalse();
    }

    @Test
    void orderIsUnknownWhenIntervalsTouchOrTrustIsMissing() {
        BoundedInstant touching = new BoundedInstant(2_000, 3_000, ClockStatus.SYNCHRONIZED);
        for (BoundedInstant other : List.of(now, touching, BoundedInstant.unbounded(ClockStatus.UNKNOWN))) {
            assertThat(now.isDefinitelyBefore(other)).isFalse();
            assertThat(now.isDefinitelyAfter(other)).isFalse();
            assertThat(now.overlaps(other)).isTrue();
            assertThat(other.overlaps(now)).isTrue();
        }
    }

    @Test
    void bothEndsAreWithinTheHalfWidthOfTheMidpoint() {
        assertThat(now.midpoint()).isEqualTo(Instant.ofEpochSecond(0, 1_500));
        assertThat(now.halfWidthNanos()).isEqualTo(500);
        BoundedInstant odd = new BoundedInstant(-4, 3, ClockStatus.SYNCHRONIZED);
        assertThat(odd.midpoint()).isEqualTo(Instant.ofEpochSecond(0, -1));
        assertThat(odd.halfWidthNanos()).isEqualTo(4);
    }

    @Test
    void widthsBeyondALongSaturate() {
        BoundedInstant wide = new BoundedInstant(Long.MIN_VALUE + 1, Long.MAX_VALUE, ClockStatus.SYNCHRONIZED);
        assertThat(wide.halfWidthNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(wide.midpoint()).isEqualTo(Instant.EPOCH);
        assertThat(BoundedInstant.unbounded(ClockStatus.UNKNOWN).halfWidthNanos())
                .isEqualTo(Long.MAX_VALUE);
    }
}
