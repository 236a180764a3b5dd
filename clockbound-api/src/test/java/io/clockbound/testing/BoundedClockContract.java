/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.BoundedReading;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BoundedClock} does. A test class of an implementation extends it:
 *
 * <pre>{@code
 * class MyClockTest extends BoundedClockContract {
 *     private final MyClock clock = new MyClock(local);
 *
 *     @Override
 *     protected BoundedClock clock() {
 *         return clock;
 *     }
 *     ...
 * }
 * }</pre>
 *
 * <p>{@code local} is the machine on which the clock under test runs: its {@link BoundedClock#local} returns it, and
 * it reads time from nothing else. The wall clock there is 300 µs ahead of true time.
 *
 * <p>Maven does not pass on what a test jar depends on: beside {@code clockbound-api} of type {@code test-jar}, declare
 * {@code org.junit.jupiter:junit-jupiter} and {@code org.assertj:assertj-core}, all with scope {@code test}.
 */
public abstract class BoundedClockContract extends BoundedClockReportContract {

    private final BoundedReading room = new BoundedReading();

    /** Creates the simulated machine. */
    protected BoundedClockContract() {}

    @Test
    void knowsNothingUntilItIsTold() {
        assertThat(clock().read().status().isTrusted()).isFalse();
        assertThat(clock().read())
                .isEqualTo(BoundedInstant.unbounded(clock().read().status()));
    }

    @Test
    void aTrustedIntervalContainsTrueTime() throws Exception {
        synchronize(MILLI);
        for (int i = 0; i < 3_000; i++) {
            BoundedInstant now = clock().now();
            assertThat(now.status().isTrusted()).isTrue();
            assertThat(local.trueNanos()).isBetween(now.earliestNanos(), now.latestNanos());
            local.advance(MILLI);
        }
    }

    @Test
    void isTrustedAgainAfterALossOfTrust() throws Exception {
        synchronize(MILLI);
        distrust();
        assertThat(clock().read().status().isTrusted()).isFalse();
        synchronize(MILLI);
        BoundedInstant now = clock().now();
        assertThat(local.trueNanos()).isBetween(now.earliestNanos(), now.latestNanos());
    }

    @Test
    void everyWayOfReadingItAgrees() throws Exception {
        synchronize(MILLI);
        BoundedInstant now = clock().now();
        assertThat(clock().read()).isEqualTo(now);
        assertThat(readIntoRoom()).isEqualTo(now);
        assertThat(clock().earliestNanos()).isEqualTo(now.earliestNanos());
        assertThat(clock().latestNanos()).isEqualTo(now.latestNanos());
        assertThat(clock().earliestSource().instant()).isEqualTo(now.earliest());
        assertThat(clock().latestSource().instant()).isEqualTo(now.latest());
        assertThat(clock().midpointSource().instant()).isEqualTo(now.midpoint());
    }

    private BoundedInstant readIntoRoom() {
        clock().read(room);
        return new BoundedInstant(room.earliestNanos(), room.latestNanos(), room.status());
    }

    @Test
    void anInstantIsPastBeforeTheIntervalAndFutureAfterIt() throws Exception {
        synchronize(MILLI);
        BoundedInstant now = clock().now();
        assertThat(clock().isPast(now.earliest())).isFalse();
        assertThat(clock().isPast(now.earliest().minusNanos(1))).isTrue();
        assertThat(clock().isPast(now.earliestNanos())).isFalse();
        assertThat(clock().isPast(now.earliestNanos() - 1)).isTrue();
        assertThat(clock().isFuture(now.latest())).isFalse();
        assertThat(clock().isFuture(now.latest().plusNanos(1))).isTrue();
        assertThat(clock().isFuture(now.latestNanos())).isFalse();
        assertThat(clock().isFuture(now.latestNanos() + 1)).isTrue();
        assertThat(clock().isPast(Instant.MIN)).isTrue();
        assertThat(clock().isFuture(Instant.MAX)).isTrue();
    }

    @Test
    void refusesEverythingWithoutTrust() throws Exception {
        synchronize(MILLI);
        distrust();
        ClockStatus status = clock().read().status();
        assertThat(clock().read()).isEqualTo(BoundedInstant.unbounded(status));
        assertThat(readIntoRoom()).isEqualTo(BoundedInstant.unbounded(status));
        refusals(clock())
                .forEach(refusal -> assertThatExceptionOfType(ClockNotTrustedException.class)
                        .isThrownBy(refusal)
                        .withMessageContaining(status.name())
                        .satisfies(e -> assertThat(e.status()).isEqualTo(status)));
    }

    @Test
    void millisecondsOfTheEndsAreRoundedOutward() throws Exception {
        synchronize(MILLI);
        InstantSource earliest = clock().earliestSource();
        Clock latest = clock().latestSource().withZone(ZoneOffset.UTC);
        for (int i = 0; i < 20; i++) {
            local.advanceNanos(77_777);
            assertThat(Instant.ofEpochMilli(earliest.millis())).isBeforeOrEqualTo(earliest.instant());
            assertThat(Instant.ofEpochMilli(latest.millis())).isAfterOrEqualTo(latest.instant());
            assertThat(Instant.ofEpochMilli(latest.millis()).minusMillis(1)).isBefore(latest.instant());
        }
    }

    @Test
    void timingMeasuresWhenWorkRanAndHowLongItTook() throws Exception {
        synchronize(MILLI);
        long start = local.trueNanos();
        var timing = clock().timing(() -> {
            local.advance(SECOND);
            return "done";
        });
        assertThat(timing.result()).isEqualTo("done");
        assertThat(BoundedInstant.epochNanos(timing.earliestStart())).isLessThanOrEqualTo(start);
        assertThat(BoundedInstant.epochNanos(timing.latestFinish())).isGreaterThanOrEqualTo(local.trueNanos());
        assertThat(SECOND).isBetween(timing.minimum(), timing.maximum());
    }

    @Test
    void timingPassesOnWhatTheWorkThrows() throws Exception {
        synchronize(MILLI);
        Exception failure = new Exception("of the work");
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> clock().timing(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void aResultIsNotLostWhenTrustIsLostDuringTheWork() throws Exception {
        synchronize(MILLI);
        var timing = clock().timing(() -> {
            distrust();
            return "done";
        });
        assertThat(timing.result()).isEqualTo("done");
        assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(timing::latestFinish);
    }

    @Test
    void anIntervalWiderThanTheCallerCanUseIsNotTrusted() throws Exception {
        synchronize(MILLI);
        BoundedInstant now = clock().now();
        BoundedClock wideEnough = clock().withMaxHalfWidth(Duration.ofNanos(now.halfWidthNanos()));
        assertThat(wideEnough.now()).isEqualTo(now);
        BoundedClock tooNarrow = clock().withMaxHalfWidth(Duration.ofNanos(now.halfWidthNanos() - 1));
        assertThat(tooNarrow.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
        refusals(tooNarrow)
                .forEach(refusal -> assertThatExceptionOfType(ClockNotTrustedException.class)
                        .isThrownBy(refusal)
                        .withMessageContaining(now.halfWidthNanos() + " ns")
                        .withMessageContaining(now.halfWidthNanos() - 1 + " ns"));
        assertThatIllegalArgumentException().isThrownBy(() -> clock().withMaxHalfWidth(Duration.ZERO));
    }

    @Test
    void concurrentReadersAllGetIntervalsThatContainTrueTime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Void> reader = () -> {
                for (int i = 0; i < 2_000; i++) {
                    long before = local.trueNanos();
                    BoundedInstant now = clock().read();
                    assertThat(now.earliestNanos()).isLessThanOrEqualTo(local.trueNanos());
                    assertThat(now.latestNanos()).isGreaterThanOrEqualTo(before);
                }
                return null;
            };
            List<Future<Void>> readers =
                    IntStream.range(0, 4).mapToObj(i -> threads.submit(reader)).toList();
            for (int i = 1; readers.stream().anyMatch(one -> !one.isDone()); i++) {
                synchronize(MILLI.multipliedBy(1 + i % 3));
                local.advance(MILLI);
                distrust();
            }
            for (Future<Void> one : readers) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
