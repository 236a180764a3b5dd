/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.testing.BoundedClockContract;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.OrderContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

class EmbeddedClockContractTest extends BoundedClockContract {

    private final FakeTimeSource source = new FakeTimeSource().leap(LeapStatus.UNSYNCHRONIZED);
    private final LinkedBlockingQueue<PollOutcome> polls = new LinkedBlockingQueue<>();
    private final EmbeddedClock embedded = new EmbeddedClock(
            local,
            source,
            List.of(),
            BoundSettings.DEFAULTS.withPollInterval(Duration.ofSeconds(60)),
            polls::add,
            Optional.empty());

    @BeforeEach
    void start() throws InterruptedException {
        embedded.start();
        awaitPollOf(source.snapshot());
    }

    @Override
    protected BoundedClock clock() {
        return embedded;
    }

    @Override
    protected void synchronize(Duration halfWidth) throws InterruptedException {
        ClockSnapshot told;
        synchronized (source) { // no poll may see half of it
            told = source.leap(LeapStatus.NORMAL)
                    .rootDispersion(halfWidth.toNanos())
                    .update()
                    .snapshot();
        }
        embedded.pollNow();
        awaitPollOf(told);
    }

    @Override
    protected void distrust() throws InterruptedException {
        ClockSnapshot told = source.leap(LeapStatus.UNSYNCHRONIZED).snapshot();
        embedded.pollNow();
        awaitPollOf(told);
    }

    /** Waits until the clock has adopted what the source says; polls of what it said before may still be in the queue. */
    private void awaitPollOf(ClockSnapshot told) throws InterruptedException {
        while (!polls.take().snapshot().equals(Optional.of(told))) {}
    }

    @Nested
    class Order extends OrderContract {
        Order() {
            super(EmbeddedClockContractTest.this);
        }
    }
}
