/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.Poll.Result;
import io.clockbound.spi.LeapStatus;
import io.clockbound.testing.BoundedClockContract;
import io.clockbound.testing.FakeTimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;

class EmbeddedClockContractTest extends BoundedClockContract {

    private final FakeTimeSource source = new FakeTimeSource().leap(LeapStatus.UNSYNCHRONIZED);
    private final LinkedBlockingQueue<Poll> polls = new LinkedBlockingQueue<>();
    private final EmbeddedClock embedded = new EmbeddedClock(
            local,
            source,
            List.of(),
            new BoundSettings(1_000, Duration.ofSeconds(60), Duration.ofSeconds(1000), false),
            polls::add);

    @BeforeEach
    void start() throws InterruptedException {
        embedded.start();
        await(Result.UNSYNCHRONIZED);
    }

    @Override
    protected BoundedClock clock() {
        return embedded;
    }

    @Override
    protected void synchronize(Duration halfWidth) throws InterruptedException {
        source.leap(LeapStatus.NORMAL).rootDispersion(halfWidth.toNanos()).update();
        embedded.pollNow();
        await(Result.SYNCHRONIZED);
        await(Result.SYNCHRONIZED); // every update is looked at twice
    }

    @Override
    protected void distrust() throws InterruptedException {
        source.leap(LeapStatus.UNSYNCHRONIZED);
        embedded.pollNow();
        await(Result.UNSYNCHRONIZED);
    }

    private void await(Result result) throws InterruptedException {
        while (polls.take().result() != result) {}
    }
}
