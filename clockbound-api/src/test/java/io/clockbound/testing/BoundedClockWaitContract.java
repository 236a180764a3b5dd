/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The part of the {@link BoundedClockContract} that is about waiting, and what a test class has to provide. */
@Timeout(60)
public abstract class BoundedClockWaitContract {

    static final Duration MILLI = Duration.ofMillis(1);
    static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** The machine on which the clock under test runs. */
    protected final SimulatedClock local = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));

    BoundedClockWaitContract() {
        local.stepWallNanos(300_000);
    }

    /** Returns the clock under test, the same at every call; it was not told anything yet. */
    protected abstract BoundedClock clock();

    /**
     * Makes the clock trusted. When this returns, its readings have a half width of at least {@code halfWidth} and at
     * most twice that around about the wall clock, and change only with the time of {@code local}.
     *
     * @param halfWidth 1 ms to 100 ms
     * @throws Exception ends the test
     */
    protected abstract void synchronize(Duration halfWidth) throws Exception;

    /**
     * Withdraws trust from the clock. When this returns, its status is UNKNOWN or DISRUPTED until it is synchronised
     * again.
     *
     * @throws Exception ends the test
     */
    protected abstract void distrust() throws Exception;

    @AfterEach
    void close() {
        clock().close();
    }

    @Test
    void waitsUntilAnInstantHasCertainlyPassedAndNotMuchLonger() throws Exception {
        synchronize(MILLI);
        BoundedInstant before = clock().now();
        BoundedInstant proof = clock().waitUntilPast(before.latest(), SECOND);
        assertThat(proof.isPast(before.latest())).isTrue();
        assertThat(local.trueNanos()).isGreaterThan(before.latestNanos());
        assertThat(local.elapsedNanos()).isLessThan(5 * before.halfWidthNanos());
    }

    @Test
    void doesNotWaitForWhatHasPassed() throws Exception {
        synchronize(MILLI);
        clock().waitUntilPast(clock().earliestSource().instant().minusNanos(1), Duration.ZERO);
        assertThat(clock().whenPast(Instant.MIN, Duration.ZERO)).isCompleted();
        assertThat(local.elapsedNanos()).isZero();
    }

    @Test
    void aWaitEndsAtItsTimeoutAndSaysWhatWasMissing() throws Exception {
        synchronize(MILLI);
        Instant farAway = clock().now().latest().plus(HOUR);
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> clock().waitUntilPast(farAway, Duration.ofMillis(250)))
                .withMessageContaining("0.25 s")
                .withMessageContaining(farAway.toString());
        assertThat(local.elapsedNanos()).isEqualTo(250_000_000);
    }

    @Test
    void aWaitEndsSoonAfterTheClockLostTrust() throws Exception {
        synchronize(MILLI);
        Instant farAway = clock().now().latest().plus(HOUR);
        after(SECOND, this::distrust);
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(() -> clock().waitUntilPast(farAway, HOUR.multipliedBy(2)));
        assertThat(local.elapsedNanos()).isBetween(1_000_000_000L, 1_100_000_000L);
    }

    @Test
    void aWaitEndsWhenItsThreadIsInterrupted() throws Exception {
        synchronize(MILLI);
        Instant farAway = clock().now().latest().plus(HOUR);
        Thread waiting = Thread.currentThread();
        after(MILLI, waiting::interrupt);
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> clock().waitUntilPast(farAway, HOUR.multipliedBy(2)));
        assertThat(local.elapsedNanos()).isLessThanOrEqualTo(100_000_000);
        waiting.interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> clock().waitUntilPast(Instant.MIN, HOUR));
        waiting.interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> clock().waitUntilTrusted(HOUR));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aWaitEndsSoonAfterTheClockWasClosed() throws Exception {
        synchronize(MILLI);
        Instant farAway = clock().now().latest().plus(HOUR);
        CompletableFuture<BoundedInstant> stage = clock().whenPast(farAway, HOUR.multipliedBy(2));
        after(SECOND, clock()::close);
        assertThatIllegalStateException()
                .isThrownBy(() -> clock().waitUntilPast(farAway, HOUR.multipliedBy(2)))
                .withMessageContaining("closed");
        assertThat(local.elapsedNanos()).isBetween(1_000_000_000L, 1_100_000_000L);
        letPass(Duration.ofMillis(100));
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(stage::join)
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWaitForTrustEndsSoonAfterTheClockWasClosed() throws Exception {
        distrust();
        after(SECOND, clock()::close);
        assertThatIllegalStateException().isThrownBy(() -> clock().waitUntilTrusted(HOUR));
        assertThat(local.elapsedNanos()).isBetween(1_000_000_000L, 1_100_000_000L);
    }

    @Test
    void aStageIsCompletedOnceAnInstantHasCertainlyPassed() throws Exception {
        synchronize(MILLI);
        BoundedInstant before = clock().now();
        CompletableFuture<BoundedInstant> past = clock().whenPast(before.latest(), SECOND);
        while (!past.isDone()) {
            assertThat(local.elapsedNanos()).isLessThan(5 * before.halfWidthNanos());
            local.advanceNanos(50_000);
        }
        assertThat(past.join().isPast(before.latest())).isTrue();
        assertThat(local.trueNanos()).isGreaterThan(before.latestNanos());
    }

    @Test
    void aStageFailsAtItsTimeoutAndSoonAfterTheClockLostTrust() throws Exception {
        synchronize(MILLI);
        Instant farAway = clock().now().latest().plus(HOUR);
        CompletableFuture<BoundedInstant> impatient = clock().whenPast(farAway, Duration.ofMillis(250));
        CompletableFuture<BoundedInstant> patient = clock().whenPast(farAway, HOUR.multipliedBy(2));
        letPass(SECOND);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(impatient::join)
                .withCauseInstanceOf(TimeoutException.class)
                .withMessageContaining(farAway.toString());
        assertThat(patient).isNotDone();
        distrust();
        letPass(Duration.ofMillis(100));
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(patient::join)
                .withCauseInstanceOf(ClockNotTrustedException.class);
        assertThat(clock().whenPast(Instant.MIN, HOUR)).isCompletedExceptionally();
    }

    @Test
    void aCancelledStageStaysCancelled() throws Exception {
        synchronize(MILLI);
        CompletableFuture<BoundedInstant> past = clock().whenPast(clock().now().latest(), SECOND);
        past.cancel(false);
        letPass(SECOND);
        assertThat(past).isCancelled();
    }

    @Test
    void waitsForTrust() throws Exception {
        after(SECOND, () -> synchronize(MILLI));
        BoundedInstant now = clock().waitUntilTrusted(HOUR);
        assertThat(now.status().isTrusted()).isTrue();
        assertThat(local.elapsedNanos()).isBetween(1_000_000_000L, 1_100_000_000L);
        assertThat(clock().waitUntilTrusted(Duration.ZERO)).isEqualTo(clock().now());
    }

    @Test
    void waitsForAnIntervalThatIsNarrowEnough() throws Exception {
        synchronize(Duration.ofMillis(50));
        after(SECOND, () -> synchronize(MILLI));
        BoundedClock narrow = clock().withMaxHalfWidth(Duration.ofMillis(5));
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(() -> narrow.waitUntilPast(narrow.local().instant(), HOUR));
        assertThat(narrow.waitUntilTrusted(HOUR).halfWidthNanos()).isLessThanOrEqualTo(5_000_000);
        assertThat(local.elapsedNanos()).isBetween(1_000_000_000L, 1_100_000_000L);
    }

    @Test
    void aWaitForTrustEndsAtItsTimeoutAndSaysWhatWasMissing() {
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> clock().waitUntilTrusted(Duration.ofMillis(250)))
                .withMessageContaining("0.25 s")
                .withMessageContaining(clock().read().status().name());
        assertThat(local.elapsedNanos()).isEqualTo(250_000_000);
    }

    private void letPass(Duration time) {
        for (long nanos = 0; nanos < time.toNanos(); nanos += 1_000_000) {
            local.advance(MILLI);
        }
    }

    private interface Act {
        void run() throws Exception;
    }

    /** Does something while time passes, on the thread that lets it pass. */
    private void after(Duration time, Act act) {
        local.delayed(time.toNanos()).execute(() -> {
            try {
                act.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }
}
