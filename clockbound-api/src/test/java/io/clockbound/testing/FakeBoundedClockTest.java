/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FakeBoundedClockTest extends BoundedClockContract {

    private final FakeBoundedClock fake = new FakeBoundedClock(local);

    @Override
    protected BoundedClock clock() {
        return fake;
    }

    @Override
    protected void synchronize(Duration halfWidth) {
        fake.within(halfWidth);
    }

    @Override
    protected void distrust() {
        fake.untrusted(ClockStatus.DISRUPTED);
    }

    @Test
    void anIntervalMovesOnWithTheSimulatedClock() {
        fake.set(new BoundedInstant(100, 200, ClockStatus.FREE_RUNNING));
        fake.local().advanceNanos(7);
        assertThat(fake.now()).isEqualTo(new BoundedInstant(107, 207, ClockStatus.FREE_RUNNING));
    }

    @Nested
    class Order extends OrderContract {
        Order() {
            super(FakeBoundedClockTest.this);
        }
    }
}
