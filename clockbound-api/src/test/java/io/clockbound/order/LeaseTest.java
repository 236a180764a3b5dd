/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.order.LeaseState.Held;
import io.clockbound.order.LeaseState.NotOver;
import io.clockbound.order.LeaseState.Over;
import io.clockbound.order.LeaseState.Untrusted;
import io.clockbound.testing.FakeBoundedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration TEN = Duration.ofSeconds(10);
    private static final long TEN_NANOS = TEN.toNanos();
    private static final long WIDTH = 2_000_000;

    private final FakeBoundedClock fake = new FakeBoundedClock(Instant.parse("2026-03-01T12:00:00Z")).within(MILLI);
    private final Lease lease = Lease.first("a", TEN, fake);

    @Test
    void aLeaseLastsSoLongFromTheUpperEndOn() {
        assertThat(lease).isEqualTo(new Lease("a", 1, fake.now().latestNanos() + TEN_NANOS));
        assertThat(lease.end()).isEqualTo(fake.now().latest().plusSeconds(10));
        assertThat(seenByA()).isEqualTo(new Held(TEN_NANOS));
    }

    @Test
    void itsHolderActsUntilTheUpperEndReachesTheEnd() {
        fake.local().advanceNanos(TEN_NANOS - 1);
        assertThat(seenByA()).isEqualTo(new Held(1));
        fake.local().advanceNanos(1);
        assertThat(seenByA()).isEqualTo(new NotOver(WIDTH + 1));
    }

    @Test
    void itsHolderStopsEarlierByWhatActingTakes() {
        fake.local().advanceNanos(TEN_NANOS - 1_000_001);
        assertThat(lease.state("a", MILLI, fake)).isEqualTo(new Held(1));
        fake.local().advanceNanos(1);
        assertThat(lease.state("a", MILLI, fake)).isEqualTo(new NotOver(WIDTH + 1_000_001));
        assertThat(seenByA()).isEqualTo(new Held(1_000_000));
        assertThat(lease.state("a", Duration.ofDays(365), fake)).isInstanceOf(NotOver.class);
    }

    @Test
    void othersWaitUntilTheLowerEndIsPastIt() {
        assertThat(seenByB()).isEqualTo(new NotOver(TEN_NANOS + WIDTH + 1));
        fake.local().advanceNanos(TEN_NANOS + WIDTH);
        assertThat(seenByB()).isEqualTo(new NotOver(1));
        fake.local().advanceNanos(1);
        assertThat(seenByB()).isEqualTo(new Over());
        assertThat(seenByA()).isEqualTo(new Over());
    }

    @Test
    void aBoundOfSecondsStopsTheHolderAndKeepsOthersWaiting() {
        fake.within(Duration.ofSeconds(11));
        assertThat(seenByA()).isInstanceOf(NotOver.class);
        fake.local().advance(TEN.plusSeconds(10));
        assertThat(seenByB()).isInstanceOf(NotOver.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10_000_000_000L, 20_000_000_000L})
    void whenTrustIsLostTheHolderStopsAndOthersWaitWhateverTheTime(long nanos) {
        fake.local().advanceNanos(nanos);
        for (ClockStatus status : List.of(ClockStatus.UNKNOWN, ClockStatus.DISRUPTED)) {
            fake.untrusted(status);
            assertThat(seenByA()).isEqualTo(new Untrusted(status));
            assertThat(seenByB()).isEqualTo(new Untrusted(status));
            assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(() -> lease.renewed(TEN, fake));
            assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(() -> lease.takenOver("b", TEN, fake));
            assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(() -> Lease.first("b", TEN, fake));
        }
    }

    @Test
    void aFreeRunningClockIsTrusted() {
        BoundedInstant now = fake.now();
        fake.set(new BoundedInstant(now.earliestNanos(), now.latestNanos(), ClockStatus.FREE_RUNNING));
        assertThat(seenByA()).isEqualTo(new Held(TEN_NANOS));
    }

    @Test
    void aRenewalMovesTheEndAndKeepsHolderAndToken() {
        fake.local().advance(TEN);
        assertThat(lease.renewed(TEN, fake)).isEqualTo(new Lease("a", 1, lease.endNanos() + TEN_NANOS));
    }

    @Test
    void aRenewalNeverBringsTheEndForward() {
        assertThat(lease.renewed(MILLI, fake)).isEqualTo(lease);
        fake.within(Duration.ofNanos(1));
        assertThat(lease.renewed(TEN, fake)).isEqualTo(lease);
    }

    @Test
    void aTakeOverHasTheNextToken() {
        fake.local().advance(TEN.plusSeconds(1));
        assertThat(lease.takenOver("b", TEN, fake))
                .isEqualTo(new Lease("b", 2, fake.now().latestNanos() + TEN_NANOS));
    }

    @Test
    void aLeaseThatMayStillRunIsNotTakenOver() {
        fake.local().advanceNanos(TEN_NANOS + WIDTH);
        assertThatIllegalStateException()
                .isThrownBy(() -> lease.takenOver("b", TEN, fake))
                .withMessageContaining("lease of a until " + lease.end())
                .withMessageContaining(fake.now().earliest().toString());
        fake.local().advanceNanos(1);
        assertThat(lease.takenOver("b", TEN, fake).holder()).isEqualTo("b");
    }

    @Test
    void aReleasedLeaseIsOverAndKeepsItsToken() {
        Lease released = lease.released();
        assertThat(released.state("a", Duration.ZERO, fake)).isEqualTo(new Over());
        assertThat(released.takenOver("b", TEN, fake).token()).isEqualTo(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> released.renewed(TEN, fake))
                .withMessageContaining("lease of a was released");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "P365DT0.000000001S", "P365000D"})
    void aLeaseOfNoTimeOrOfAThousandYearsIsRefused(String text) {
        Duration duration = Duration.parse(text);
        fake.local().advance(TEN.plusSeconds(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lease.first("a", duration, fake))
                .withMessageContaining("lease of " + duration)
                .withMessageContaining("between PT0.000000001S and PT8760H")
                .withMessageContaining("renew");
        assertThatIllegalArgumentException().isThrownBy(() -> lease.renewed(duration, fake));
        assertThatIllegalArgumentException().isThrownBy(() -> lease.takenOver("b", duration, fake));
    }

    @Test
    void anActOfNegativeOrEndlessLengthIsRefused() {
        for (Duration acting :
                List.of(Duration.ofNanos(-1), Duration.ofDays(366), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> lease.state("a", acting, fake))
                    .withMessageContaining("acting of " + acting);
        }
    }

    @Test
    void aRecordThatIsNoLeaseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lease(" ", 1, 0))
                .withMessageContaining("holder \" \" is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lease("a", 0, 0))
                .withMessageContaining("token 0");
        for (long end : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Lease("a", 1, end))
                    .withMessageContaining("end of " + end + " ns");
        }
    }

    @Test
    void nothingOverflowsAtTheEndsOfTheRange() {
        Lease last = new Lease("a", Long.MAX_VALUE, Long.MAX_VALUE - 1);
        assertThat(last.state("b", Duration.ZERO, fake)).isInstanceOf(NotOver.class);
        assertThat(last.state("a", Duration.ofDays(365), fake)).isInstanceOf(Held.class);
        assertThat(last.renewed(TEN, fake)).isEqualTo(last);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> new Lease("a", Long.MAX_VALUE, 0).takenOver("b", TEN, fake));
        fake.set(new BoundedInstant(Long.MIN_VALUE, Long.MIN_VALUE + 1, ClockStatus.SYNCHRONIZED));
        assertThat(last.state("a", Duration.ZERO, fake)).isEqualTo(new Held(Long.MAX_VALUE));
        assertThat(last.state("b", Duration.ZERO, fake)).isEqualTo(new NotOver(Long.MAX_VALUE));
        assertThat(lease.released().state("a", Duration.ofDays(365), fake)).isInstanceOf(Held.class);
        fake.set(new BoundedInstant(0, Long.MAX_VALUE, ClockStatus.SYNCHRONIZED));
        assertThat(last.state("a", Duration.ZERO, fake)).isInstanceOf(NotOver.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lease.renewed(TEN, fake))
                .withMessageContaining("2262");
    }

    private LeaseState seenByA() {
        return lease.state("a", Duration.ZERO, fake);
    }

    private LeaseState seenByB() {
        return lease.state("b", Duration.ZERO, fake);
    }
}
