/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.testing.FakeBoundedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitTimestampsTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeBoundedClock fake = new FakeBoundedClock(Instant.parse("2026-03-01T12:00:00Z")).within(MILLI);
    private final CommitTimestamps timestamps = new CommitTimestamps(fake, Duration.ofMillis(10));

    @Test
    void aCommitGetsTheUpperEndOfTheInterval() {
        assertThat(timestamps.next().instant()).isEqualTo(fake.now().latest());
    }

    @Test
    void commitsThatTheClockDoesNotTellApartCountOn() {
        HybridTimestamp first = timestamps.next();
        assertThat(timestamps.next().epochNanos()).isEqualTo(first.epochNanos() + 1);
        fake.within(Duration.ofNanos(1));
        assertThat(timestamps.next().epochNanos()).isEqualTo(first.epochNanos() + 2);
    }

    @Test
    void threadsNeverGetTheSameTimestamp() throws Exception {
        Callable<List<HybridTimestamp>> committer = () -> {
            List<HybridTimestamp> own = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                own.add(timestamps.next());
            }
            return own;
        };
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Set<HybridTimestamp> all = new HashSet<>();
            for (Future<List<HybridTimestamp>> one :
                    threads.invokeAll(List.of(committer, committer, committer, committer))) {
                assertThat(one.get()).isSorted();
                all.addAll(one.get());
            }
            assertThat(all).hasSize(40_000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aCommitIsVisibleOnceItsTimestampHasCertainlyPassed() throws Exception {
        HybridTimestamp timestamp = timestamps.next();
        assertThat(timestamps.isVisible(timestamp)).isFalse();
        fake.local().advance(MILLI.multipliedBy(2));
        assertThat(timestamps.isVisible(timestamp)).isFalse();
        fake.local().advanceNanos(1);
        assertThat(timestamps.isVisible(timestamp)).isTrue();
        assertThat(timestamps.awaitVisible(timestamp, Duration.ZERO)).isEqualTo(fake.now());
    }

    @Test
    void oneWaitIsEnoughForABatch() throws Exception {
        List<HybridTimestamp> batch = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            batch.add(timestamps.next());
        }
        timestamps.awaitVisible(batch.get(99), SECOND);
        assertThat(fake.local().elapsedNanos()).isBetween(2_000_000L, 2_100_000L);
        assertThat(batch).allMatch(timestamps::isVisible);
    }

    @Test
    void aWaitWithoutAThreadEndsWhenTheCommitIsVisible() {
        HybridTimestamp timestamp = timestamps.next();
        CompletableFuture<BoundedInstant> visible = timestamps.whenVisible(timestamp, SECOND);
        assertThat(visible).isNotDone();
        fake.local().advance(MILLI.multipliedBy(3));
        assertThat(visible).isCompleted();
    }

    @Test
    void aCommitIsLaterThanWhatWasReadOrReceived() {
        HybridTimestamp read = new HybridTimestamp(timestamps.next().epochNanos() + 1_000_000);
        timestamps.observe(read);
        timestamps.observe(new HybridTimestamp(0));
        assertThat(timestamps.next()).isEqualTo(new HybridTimestamp(read.epochNanos() + 1));
    }

    @Test
    void anObservedTimestampThatWouldMakeCommitsWaitTooLongIsRefusedAndLeavesNoTrace() {
        BoundedInstant now = fake.now();
        HybridTimestamp farthest =
                HybridTimestamp.of(now.earliest().plusMillis(10).minusNanos(1));
        HybridTimestamp tooFar = HybridTimestamp.of(now.earliest().plusMillis(10));
        assertThatExceptionOfType(FutureTimestampException.class)
                .isThrownBy(() -> timestamps.observe(tooFar))
                .withMessageContaining("max wait of 10000000 ns")
                .satisfies(e -> assertThat(e.timestamp()).isEqualTo(tooFar.instant()))
                .satisfies(e -> assertThat(e.latest()).isEqualTo(farthest.instant()));
        assertThatExceptionOfType(FutureTimestampException.class)
                .isThrownBy(() -> timestamps.observe(new HybridTimestamp(Long.MAX_VALUE - 1)));
        assertThat(timestamps.next().instant()).isEqualTo(now.latest());
        timestamps.observe(farthest);
        assertThat(timestamps.next()).isEqualTo(tooFar);
    }

    @Test
    void anHonestTimestampIsNotBlamedForTheWidthOfTheOwnInterval() {
        HybridTimestamp visible = HybridTimestamp.of(fake.local().instant());
        fake.within(Duration.ofSeconds(3));
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(() -> timestamps.observe(visible))
                .withMessageStartingWith(
                        "the clock is trusted, its status is SYNCHRONIZED, but too wide; a commit would wait")
                .withMessageContaining("±3000000000 ns");
        assertThatExceptionOfType(FutureTimestampException.class)
                .isThrownBy(() -> timestamps.observe(
                        HybridTimestamp.of(fake.now().latest().plusNanos(1))))
                .satisfies(e -> assertThat(e.latest()).isEqualTo(fake.now().latest()));
    }

    @Test
    void aBoundThatIsTooWideIsBackpressure() {
        fake.within(Duration.ofMillis(5));
        HybridTimestamp last = timestamps.next();
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(timestamps::next) // one more would wait a nanosecond too long
                .withMessageContaining("would wait 10000001 ns")
                .withMessageContaining("max wait of 10000000 ns")
                .withMessageContaining("±5000000 ns");
        fake.within(Duration.ofSeconds(3));
        assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(timestamps::next);
        fake.within(MILLI).local().advance(MILLI);
        assertThat(last.isBefore(timestamps.next())).isTrue();
    }

    @Test
    void anIntervalWithoutAnEndIsBackpressureToo() {
        for (BoundedInstant endless : List.of(
                new BoundedInstant(Long.MIN_VALUE, Long.MAX_VALUE, ClockStatus.SYNCHRONIZED),
                new BoundedInstant(1, Long.MAX_VALUE, ClockStatus.SYNCHRONIZED),
                new BoundedInstant(Long.MAX_VALUE - 1, Long.MAX_VALUE, ClockStatus.SYNCHRONIZED))) {
            fake.set(endless);
            assertThatExceptionOfType(ClockNotTrustedException.class)
                    .isThrownBy(timestamps::next)
                    .withMessageContaining("a commit would wait");
        }
    }

    @Test
    void withoutTrustNothingIsIssuedObservedOrVisible() {
        HybridTimestamp timestamp = timestamps.next();
        fake.local().advance(SECOND);
        fake.untrusted(ClockStatus.DISRUPTED);
        assertThatExceptionOfType(ClockNotTrustedException.class).isThrownBy(timestamps::next);
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(() -> timestamps.observe(new HybridTimestamp(timestamp.epochNanos() + 1)));
        assertThat(timestamps.isVisible(timestamp)).isFalse();
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(() -> timestamps.awaitVisible(timestamp, SECOND));
        assertThat(timestamps.whenVisible(timestamp, SECOND)).isCompletedExceptionally();
    }

    @Test
    void whatIsAlreadyBelowNeedsNoTrustToBeObserved() {
        HybridTimestamp timestamp = timestamps.next();
        fake.untrusted(ClockStatus.UNKNOWN);
        timestamps.observe(timestamp);
        fake.within(MILLI);
        assertThat(timestamp.isBefore(timestamps.next())).isTrue();
    }

    @Test
    void aWaitThatWasCutOffCanBeginAnew() throws Exception {
        HybridTimestamp timestamp = timestamps.next();
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> timestamps.awaitVisible(timestamp, MILLI))
                .withMessageContaining(timestamp.instant().toString());
        assertThat(timestamps.isVisible(timestamp)).isFalse();
        timestamps.awaitVisible(timestamp, SECOND);
        assertThat(timestamps.isVisible(timestamp)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT1H0.000000001S", "P365000D"})
    void aMaxWaitOutsideTheRangeIsRefused(String maxWait) {
        Duration wait = Duration.parse(maxWait);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CommitTimestamps(fake, wait))
                .withMessageContaining("max wait of " + wait)
                .withMessageContaining("PT1H");
    }
}
