/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.clockbound.testing.FakeBoundedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the contract cannot say in simulated time, and of the lengths of the pauses. */
@Timeout(60)
class WaitTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final FakeBoundedClock fake =
            new FakeBoundedClock(Instant.parse("2026-03-01T12:00:00Z")).within(Duration.ofMillis(1));

    @Test
    void theMachinesOwnClocksAreWaitedFor() throws Exception {
        BoundedClock clock = onThisMachine();
        BoundedInstant before = clock.now();
        assertThat(clock.waitUntilPast(before.latest(), HOUR).isDefinitelyAfter(before))
                .isTrue();
        Instant next = clock.now().latest();
        assertThat(clock.whenPast(next, HOUR).get().isPast(next)).isTrue();
    }

    @Test
    void aParkedThreadCanBeInterrupted() throws Exception {
        BoundedClock clock = onThisMachine();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture<Thread> started = new CompletableFuture<>();
            Future<BoundedInstant> wait = threads.submit(() -> {
                started.complete(Thread.currentThread());
                return clock.waitUntilPast(Instant.MAX, HOUR);
            });
            started.get().interrupt();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(wait::get)
                    .withCauseInstanceOf(InterruptedException.class);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void thousandsCanWaitAtOnce() {
        BoundedClock clock = onThisMachine();
        Instant soon = clock.now().latest().plusMillis(200);
        List<CompletableFuture<BoundedInstant>> waits = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            waits.add(clock.whenPast(soon, HOUR));
        }
        assertThat(waits)
                .allSatisfy(wait -> assertThat(wait.join().isPast(soon)).isTrue());
    }

    @Test
    void virtualThreadsWaitWithoutHoldingTheirCarriers() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= 21, "no virtual threads");
        BoundedClock clock = onThisMachine();
        Instant soon = clock.now().latest().plusMillis(200);
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            List<Future<BoundedInstant>> waits = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                waits.add(threads.submit(() -> clock.waitUntilPast(soon, HOUR)));
            }
            for (Future<BoundedInstant> wait : waits) {
                assertThat(wait.get().isPast(soon)).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void looksAgainWhenThereIsLittleToWaitFor() throws Exception {
        fake.waitUntilPast(fake.now().earliest(), HOUR);
        assertThat(fake.local().elapsedNanos()).isEqualTo(20_000);
    }

    @Test
    void aNarrowerIntervalEndsAWaitEarly() throws Exception {
        fake.within(Duration.ofSeconds(30));
        Instant latest = fake.now().latest();
        fake.local()
                .delayed(10_000_000_000L)
                .execute(() -> fake.set(new BoundedInstant(
                        BoundedInstant.epochNanos(latest) + 1,
                        BoundedInstant.epochNanos(latest) + 1_000,
                        ClockStatus.SYNCHRONIZED)));
        fake.waitUntilPast(latest, HOUR);
        assertThat(fake.local().elapsedNanos()).isEqualTo(10_000_000_000L);
    }

    @Test
    void timeoutsOutOfRangeMeanForEverOrNoWait() throws Exception {
        BoundedInstant now = fake.now();
        fake.waitUntilPast(now.latest(), Duration.ofSeconds(Long.MAX_VALUE));
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> fake.waitUntilPast(Instant.MAX, Duration.ofSeconds(Long.MIN_VALUE)));
        assertThat(fake.withMaxHalfWidth(Duration.ofSeconds(Long.MAX_VALUE)).now())
                .isEqualTo(fake.now());
    }

    @Test
    void aFaultWhileNobodyWatchesEndsTheStage() {
        CompletableFuture<BoundedInstant> past = new BoundedClock() {
            @Override
            public BoundedInstant read() {
                throw new InternalError("the file was cut");
            }

            @Override
            public String description() {
                return "broken";
            }

            @Override
            public void close() {}
        }.whenPast(Instant.MIN, HOUR);
        assertThat(past).isCompletedExceptionally();
    }

    /** Returns a clock that takes its time from this machine and claims to be off by a millisecond at most. */
    private static BoundedClock onThisMachine() {
        return new BoundedClock() {
            @Override
            public BoundedInstant read() {
                long wallNanos = local().epochNanos();
                return new BoundedInstant(wallNanos - 1_000_000, wallNanos + 1_000_000, ClockStatus.SYNCHRONIZED);
            }

            @Override
            public String description() {
                return "this machine";
            }

            @Override
            public void close() {}
        };
    }
}
