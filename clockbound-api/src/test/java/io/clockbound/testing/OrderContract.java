/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.order.Certainty;
import io.clockbound.order.CommitTimestamps;
import io.clockbound.order.Freshness;
import io.clockbound.order.FutureTimestampException;
import io.clockbound.order.HybridClock;
import io.clockbound.order.HybridTimestamp;
import io.clockbound.order.Lease;
import io.clockbound.order.LeaseState;
import io.clockbound.order.ReadInterval;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the pieces of {@code io.clockbound.order} do on a clock that passes the {@link BoundedClockContract}. A test class of that clock
 * has it as a nested class:
 *
 * <pre>{@code
 * class MyClockTest extends BoundedClockContract {
 *     @Nested
 *     class Order extends OrderContract {
 *         Order() {
 *             super(MyClockTest.this);
 *         }
 *     }
 *     ...
 * }
 * }</pre>
 */
@Timeout(60)
public abstract class OrderContract {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration ACTING = Duration.ofMillis(10);

    private final BoundedClockWaitContract stage;
    private final SimulatedClock local;

    /** Creates the contract for the clock of a test class. */
    protected OrderContract(BoundedClockWaitContract stage) {
        this.stage = stage;
        this.local = stage.local;
    }

    @BeforeEach
    void synchronize() throws Exception {
        stage.synchronize(MILLI);
    }

    private BoundedClock clock() {
        return stage.clock();
    }

    @Test
    void aCommitIsNotBeforeTrueTimeAndIsVisibleOnlyAfterIt() throws Exception {
        CommitTimestamps timestamps = new CommitTimestamps(clock(), SECOND);
        HybridTimestamp last = new HybridTimestamp(0);
        for (int i = 0; i < 100; i++) {
            long beganNanos = local.trueNanos();
            HybridTimestamp timestamp = timestamps.next();
            assertThat(timestamp.epochNanos()).isGreaterThanOrEqualTo(beganNanos);
            assertThat(last.isBefore(timestamp)).isTrue();
            timestamps.awaitVisible(timestamp, SECOND);
            assertThat(local.trueNanos()).isGreaterThan(timestamp.epochNanos());
            last = timestamp;
        }
    }

    @Test
    void timestampsGoOnAscendingWhenTheBoundChangesAndTrustIsLost() throws Exception {
        CommitTimestamps timestamps = new CommitTimestamps(clock(), SECOND);
        HybridClock hybrid = new HybridClock(clock());
        HybridTimestamp lastCommit = timestamps.next();
        HybridTimestamp lastEvent = hybrid.next();
        for (int millis : new int[] {100, 1, 30, 2}) {
            stage.distrust();
            assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(timestamps::next);
            assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(hybrid::next);
            assertThat(timestamps.isVisible(lastCommit)).isFalse();
            stage.synchronize(Duration.ofMillis(millis));
            HybridTimestamp commit = timestamps.next();
            HybridTimestamp event = hybrid.next();
            assertThat(lastCommit.isBefore(commit)).isTrue();
            assertThat(lastEvent.isBefore(event)).isTrue();
            lastCommit = commit;
            lastEvent = event;
        }
    }

    @Test
    void aBoundThatIsWiderThanTheMaxWaitIsBackpressure() throws Exception {
        CommitTimestamps timestamps = new CommitTimestamps(clock(), Duration.ofMillis(50));
        timestamps.next();
        stage.distrust();
        stage.synchronize(Duration.ofMillis(100));
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(timestamps::next)
                .withMessageContaining("max wait of 50000000 ns");
        stage.synchronize(MILLI);
        local.advance(SECOND);
        assertThat(timestamps.next().epochNanos()).isGreaterThanOrEqualTo(local.trueNanos());
    }

    @Test
    void anEventIsNotAheadOfTrueTimeAndWhatIsAheadIsRefused() {
        HybridClock hybrid = new HybridClock(clock());
        assertThat(hybrid.next().epochNanos()).isLessThanOrEqualTo(local.trueNanos());
        HybridTimestamp honest = new HybridTimestamp(local.trueNanos());
        assertThat(honest.isBefore(hybrid.receive(honest))).isTrue();
        HybridTimestamp ahead = HybridTimestamp.of(clock().now().latest().plus(SECOND));
        assertThatExceptionOfType(FutureTimestampException.class).isThrownBy(() -> hybrid.receive(ahead));
        assertThat(hybrid.next().isBefore(ahead)).isTrue();
    }

    @Test
    void aReadIsUncertainOfNothingBeyondTrueTimeAtItsEnds() {
        ReadInterval read = new HybridClock(clock()).read();
        long trueNanos = local.trueNanos();
        assertThat(read.atNanos()).isLessThanOrEqualTo(trueNanos);
        assertThat(read.sees(new HybridTimestamp(trueNanos))).isNotEqualTo(Certainty.NO);
        assertThat(read.sees(HybridTimestamp.of(clock().now().latest().plus(SECOND))))
                .isEqualTo(Certainty.NO);
    }

    @Test
    void aLeaseIsHeldOnlyBeforeItsEndAndOverOnlyAfterIt() {
        Lease lease = Lease.first("holder", LEASE, clock());
        int held = 0;
        int over = 0;
        for (int i = 0; i < 3_000; i++) {
            LeaseState state = lease.state("holder", ACTING, clock());
            if (state instanceof LeaseState.Held) {
                held++;
                assertThat(local.trueNanos() + ACTING.toNanos()).isLessThan(lease.endNanos());
            } else if (state instanceof LeaseState.Over) {
                over++;
                assertThat(local.trueNanos()).isGreaterThan(lease.endNanos());
            }
            assertThat(lease.state("other", ACTING, clock())).isNotInstanceOf(LeaseState.Held.class);
            local.advance(MILLI);
        }
        assertThat(held).isGreaterThan(1_900);
        assertThat(over).isGreaterThan(900);
        assertThat(lease.takenOver("other", LEASE, clock()).token()).isEqualTo(2);
    }

    @Test
    void withoutTrustALeaseIsNeitherHeldNorOver() throws Exception {
        Lease lease = Lease.first("holder", LEASE, clock());
        stage.distrust();
        LeaseState untrusted = new LeaseState.Untrusted(clock().read().status());
        assertThat(lease.state("holder", ACTING, clock())).isEqualTo(untrusted);
        local.advance(Duration.ofMinutes(1));
        assertThat(lease.state("other", ACTING, clock())).isInstanceOf(LeaseState.Untrusted.class);
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(() -> lease.takenOver("other", LEASE, clock()));
        assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(() -> lease.renewed(LEASE, clock()));
    }

    @Test
    void anAgeContainsTheTrueOneAndIsUnknownWithoutTrust() throws Exception {
        BoundedInstant since = clock().now();
        long beganNanos = local.trueNanos();
        local.advance(SECOND);
        Freshness freshness = Freshness.of(since, clock());
        assertThat(local.trueNanos() - beganNanos).isBetween(freshness.minimumAgeNanos(), freshness.maximumAgeNanos());
        assertThat(freshness.isYoungerThan(Duration.ofMillis(500))).isEqualTo(Certainty.NO);
        assertThat(freshness.isYoungerThan(LEASE)).isEqualTo(Certainty.YES);
        stage.distrust();
        assertThat(Freshness.of(since, clock()).isYoungerThan(LEASE)).isEqualTo(Certainty.CANNOT_SAY);
    }
}
