/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.testing.FakeBoundedClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HybridClockTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    private final FakeBoundedClock fake = new FakeBoundedClock(Instant.parse("2026-03-01T12:00:00Z")).within(MILLI);
    private final HybridClock hybrid = new HybridClock(fake);

    @Test
    void anEventGetsTheLowerEndOfTheInterval() {
        assertThat(hybrid.next().instant()).isEqualTo(fake.now().earliest());
    }

    @Test
    void eventsThatTheClockDoesNotTellApartCountOn() {
        HybridTimestamp first = hybrid.next();
        assertThat(hybrid.next().epochNanos()).isEqualTo(first.epochNanos() + 1);
        fake.local().advance(MILLI);
        assertThat(hybrid.next().instant()).isEqualTo(fake.now().earliest());
    }

    @Test
    void timestampsAscendWhileTheIntervalWidensToSeconds() {
        HybridTimestamp before = hybrid.next();
        fake.within(Duration.ofSeconds(5));
        assertThat(hybrid.next().epochNanos()).isEqualTo(before.epochNanos() + 1);
    }

    @Test
    void anEffectIsLaterThanItsCause() {
        HybridTimestamp sent = HybridTimestamp.of(fake.now().latest());
        HybridTimestamp received = hybrid.receive(sent);
        assertThat(sent.isBefore(received)).isTrue();
        assertThat(received.isBefore(hybrid.next())).isTrue();
    }

    @Test
    void anOldMessageDoesNotHoldTheClockBack() {
        HybridTimestamp last = hybrid.next();
        assertThat(last.isBefore(hybrid.receive(new HybridTimestamp(0)))).isTrue();
    }

    @Test
    void aTimestampThatIsCertainlyAheadIsRefusedAndLeavesNoTrace() {
        Instant latest = fake.now().latest();
        HybridTimestamp ahead = HybridTimestamp.of(latest.plusNanos(1));
        assertThatExceptionOfType(FutureTimestampException.class)
                .isThrownBy(() -> hybrid.receive(ahead))
                .withMessageContaining(ahead.instant().toString())
                .withMessageContaining("true time is at most " + latest)
                .satisfies(e -> assertThat(e.timestamp()).isEqualTo(ahead.instant()))
                .satisfies(e -> assertThat(e.latest()).isEqualTo(latest));
        assertThat(hybrid.next().instant()).isEqualTo(fake.now().earliest());
        fake.local().advance(MILLI);
        assertThat(hybrid.receive(ahead)).isEqualTo(new HybridTimestamp(ahead.epochNanos() + 1));
    }

    @Test
    void aReadMustSeeWhatIsBelowItAndNeedNotSeeWhatIsAboveTheInterval() {
        HybridTimestamp known = hybrid.next();
        ReadInterval read = hybrid.read();
        assertThat(read.sees(known)).isEqualTo(Certainty.YES);
        assertThat(read.sees(read.at())).isEqualTo(Certainty.YES);
        assertThat(read.sees(after(read.at()))).isEqualTo(Certainty.CANNOT_SAY);
        assertThat(read.sees(read.until())).isEqualTo(Certainty.CANNOT_SAY);
        assertThat(read.sees(after(read.until()))).isEqualTo(Certainty.NO);
        assertThat(read.until().instant()).isEqualTo(fake.now().latest());
        assertThat(read.at().isBefore(hybrid.next())).isTrue();
    }

    @Test
    void aRestartedReadSeesTheVersionAndIsUncertainOfLess() {
        ReadInterval read = hybrid.read();
        HybridTimestamp version = after(after(read.at()));
        ReadInterval restarted = read.restartedAt(version);
        assertThat(restarted.sees(version)).isEqualTo(Certainty.YES);
        assertThat(restarted.until()).isEqualTo(read.until());
        assertThat(restarted.restartedAt(read.until()).sees(after(read.until())))
                .isEqualTo(Certainty.NO);
    }

    @Test
    void aReadIsRestartedOnlyForATimestampInItsUncertainty() {
        ReadInterval read = hybrid.read();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read.restartedAt(read.at()))
                .withMessageContaining(read.at().toString());
        assertThatIllegalArgumentException().isThrownBy(() -> read.restartedAt(after(read.until())));
    }

    @Test
    void aReadIntervalInTheWrongOrderIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReadInterval(2, 1))
                .withMessageContaining("at 2 ns")
                .withMessageContaining("until 1 ns");
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadInterval(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadInterval(1, Long.MAX_VALUE));
    }

    @Test
    void refusesEverythingWithoutTrustAndGoesOnAfterIt() {
        HybridTimestamp before = hybrid.next();
        fake.untrusted(ClockStatus.DISRUPTED);
        assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(hybrid::next);
        assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(hybrid::read);
        assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(() -> hybrid.receive(before));
        fake.within(Duration.ofSeconds(1));
        assertThat(before.isBefore(hybrid.next())).isTrue();
    }

    @Test
    void theEndOfTheRangeIsAnErrorAndNotAWrapAround() {
        fake.set(new BoundedInstant(1, Long.MAX_VALUE, ClockStatus.SYNCHRONIZED));
        HybridTimestamp largest = new HybridTimestamp(Long.MAX_VALUE - 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> hybrid.receive(largest))
                .withMessageContaining("9223372036854775806 ns");
        assertThat(hybrid.read()).isEqualTo(new ReadInterval(1, Long.MAX_VALUE - 1));
        hybrid.receive(new HybridTimestamp(Long.MAX_VALUE - 3));
        assertThat(hybrid.next()).isEqualTo(largest);
        assertThatIllegalStateException().isThrownBy(hybrid::next);
    }

    @Test
    void anIntervalThatBeginsBeforeTheEpochIsCountedFromThere() {
        fake.set(new BoundedInstant(Long.MIN_VALUE, 10, ClockStatus.SYNCHRONIZED));
        assertThat(hybrid.next()).isEqualTo(new HybridTimestamp(0));
    }

    private static HybridTimestamp after(HybridTimestamp timestamp) {
        return new HybridTimestamp(timestamp.epochNanos() + 1);
    }
}
