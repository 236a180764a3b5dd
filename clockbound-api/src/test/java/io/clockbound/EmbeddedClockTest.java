/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.clockbound.PollOutcome.Result;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EmbeddedClockTest {

    /** Long enough that a poll in a test comes because it was asked for. */
    private static final BoundSettings SELDOM = BoundSettings.DEFAULTS.withPollInterval(Duration.ofSeconds(60));

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource();
    private final BlockingQueue<PollOutcome> polls = new LinkedBlockingQueue<>();
    private final EmbeddedClock embedded = clockWith(polls::add);

    private EmbeddedClock clockWith(Consumer<PollOutcome> listener) {
        return new EmbeddedClock(clock, source, List.of(), SELDOM, listener, Optional.empty());
    }

    @AfterEach
    void close() {
        embedded.close();
    }

    @Test
    void knowsNothingBeforeItsFirstPoll() {
        assertThat(embedded.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
    }

    @Test
    void boundsTrueTimeAfterItsFirstPoll() throws InterruptedException {
        startAndAwaitSecondLook();
        BoundedInstant now = embedded.now();
        assertThat(clock.trueNanos()).isBetween(now.earliestNanos(), now.latestNanos());
        assertThat(embedded.isPast(now.earliest().minusNanos(1))).isTrue();
    }

    @Test
    void saysWhyItsPollFailedAndNamesNoProgramThatIsNotThere() throws InterruptedException {
        source.fail("connection refused: is chronyd running?");
        embedded.start();
        await(Result.NO_ANSWER);
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(embedded::now)
                .withMessageContaining("the last poll of fake found: connection refused: is chronyd running?")
                .satisfies(e -> assertThat(e).hasMessageNotContaining("clockboundctl"));
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> embedded.waitUntilTrusted(Duration.ofSeconds(1)))
                .withMessageContaining("connection refused: is chronyd running?");
    }

    @Test
    void saysThatNoPollHasEndedYet() {
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(embedded::now)
                .withMessageContaining("the time source has not been asked yet");
    }

    @Test
    void saysThatTheLastPollWasLongAgo() throws InterruptedException {
        startAndAwaitSecondLook();
        clock.advance(Duration.ofMinutes(2));
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(embedded::now)
                .withMessageContaining("no poll has renewed the bound in time");
    }

    @Test
    void itsReportSaysWhatTheLastPollFound() throws InterruptedException {
        startAndAwaitSecondLook();
        assertThat(embedded.report().why()).isEqualTo("synchronised");
        clock.advance(Duration.ofSeconds(6));
        assertThat(embedded.report().status()).isEqualTo(ClockStatus.FREE_RUNNING);
        assertThat(embedded.report().why()).isEqualTo("no poll has renewed the bound in time");
        source.fail("connection refused: is chronyd running?");
        embedded.pollNow();
        await(Result.NO_ANSWER);
        assertThat(embedded.report().why()).contains("connection refused: is chronyd running?");
    }

    @Test
    void itsLastPollIsTheLastThatHasEnded() throws InterruptedException {
        assertThat(embedded.lastPoll().result()).isEqualTo(Result.PENDING);
        embedded.start();
        assertThat(embedded.lastPoll().detail()).isNotBlank();
        await(Result.SYNCHRONIZED);
        PollOutcome seen = await(Result.SYNCHRONIZED);
        assertThat(embedded.lastPoll()).isEqualTo(seen);
        embedded.close();
        assertThat(embedded.lastPoll()).isEqualTo(seen);
    }

    @Test
    void isDescribedWithoutTouchingTheSourceThatThePollingThreadUses() throws InterruptedException {
        startAndAwaitSecondLook();
        int asked = source.peersAsked();
        assertThat(embedded.description()).isEqualTo("fake");
        assertThat(source.peersAsked()).isEqualTo(asked);
    }

    @Test
    void pollsAtOnceWhenAReadingSeesAStep() throws InterruptedException {
        startAndAwaitSecondLook();
        clock.stepWall(Duration.ofSeconds(1));
        assertThat(embedded.read().status()).isEqualTo(ClockStatus.DISRUPTED);
        assertThat(await(Result.STEPPED).bound().status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void aForcedDisruptionIsPublishedAtOnceAndSoIsItsEnd() throws InterruptedException {
        startAndAwaitSecondLook();
        embedded.beginDisruption();
        await(Result.DISRUPTION_FORCED);
        assertThat(embedded.read().status()).isEqualTo(ClockStatus.DISRUPTED);
        polls.clear();
        embedded.endDisruption();
        while (await(Result.SYNCHRONIZED).bound().status() == ClockStatus.DISRUPTED) {}
        assertThat(embedded.read().status()).isNotEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void aFaultOfTheSourceWithdrawsAllTrustAndPollingGoesOn() throws InterruptedException {
        startAndAwaitSecondLook();
        source.duringPoll(() -> {
            throw new IllegalStateException("a bug");
        });
        embedded.pollNow();
        assertThat(await(Result.FAILED).detail()).contains("a bug");
        assertThat(embedded.read().status()).isEqualTo(ClockStatus.UNKNOWN);
        source.duringPoll(() -> {});
        embedded.pollNow();
        assertThat(await(Result.SYNCHRONIZED).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aListenerThatFailsTwiceInARowDoesNotEndThePolling() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        EmbeddedClock watched = clockWith(poll -> {
            if (calls.getAndIncrement() < 2) {
                throw new IllegalStateException("disk full");
            }
            polls.add(poll);
        });
        watched.start();
        assertThat(await(Result.SYNCHRONIZED).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        watched.close();
    }

    @Test
    void closingItClosesTheSource() throws InterruptedException {
        startAndAwaitSecondLook();
        embedded.close();
        assertThat(source.isClosed()).isTrue();
    }

    @Test
    void closingEndsAPollThatIsUnderWayAndTheSourceIsClosedByTheThreadThatPolled() throws InterruptedException {
        CountDownLatch polling = new CountDownLatch(1);
        List<Thread> threads = new CopyOnWriteArrayList<>();
        source.duringPoll(() -> {
            threads.add(Thread.currentThread());
            polling.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
        });
        source.duringClose(() -> threads.add(Thread.currentThread()));
        embedded.start();
        polling.await();
        embedded.close();
        assertThat(source.isClosed()).isTrue();
        assertThat(threads).hasSize(2);
        assertThat(threads.get(1)).isSameAs(threads.get(0));
    }

    /** Starts, and waits until nothing happens any more without being asked for. */
    private void startAndAwaitSecondLook() throws InterruptedException {
        embedded.start();
        await(Result.SYNCHRONIZED);
        await(Result.SYNCHRONIZED);
    }

    private PollOutcome await(Result result) throws InterruptedException {
        PollOutcome poll = polls.poll(10, TimeUnit.SECONDS);
        while (poll != null && poll.result() != result) {
            poll = polls.poll(10, TimeUnit.SECONDS);
        }
        if (poll == null) {
            throw new AssertionError("no " + result + " within 10 s");
        }
        return poll;
    }
}
