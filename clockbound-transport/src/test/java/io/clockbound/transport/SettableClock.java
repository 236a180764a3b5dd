/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;

/** A clock that says what it was last set to. */
class SettableClock implements BoundedClock {

    private volatile BoundedInstant now = BoundedInstant.unbounded(ClockStatus.UNKNOWN);

    static SettableClock at(long earliestNanos, long latestNanos, ClockStatus status) {
        SettableClock clock = new SettableClock();
        clock.set(new BoundedInstant(earliestNanos, latestNanos, status));
        return clock;
    }

    void set(BoundedInstant instant) {
        now = instant;
    }

    @Override
    public BoundedInstant read() {
        return now;
    }

    @Override
    public String description() {
        return "what the test says";
    }

    @Override
    public void close() {}
}
