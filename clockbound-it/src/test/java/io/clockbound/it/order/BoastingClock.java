/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;

/** A clock that claims the middle hundredth of what it knows: it takes its estimate for the truth, as if paths were symmetric. */
record BoastingClock(BoundedClock honest) implements BoundedClock {

    private static final int BOAST = 100;

    @Override
    public BoundedInstant read() {
        BoundedInstant now = honest.read();
        if (!now.status().isTrusted()) {
            return now;
        }
        long cutNanos = (now.latestNanos() - now.earliestNanos()) / 2 * (BOAST - 1) / BOAST;
        return new BoundedInstant(now.earliestNanos() + cutNanos, now.latestNanos() - cutNanos, now.status());
    }

    @Override
    public String description() {
        return "boasting " + honest.description();
    }

    @Override
    public LocalClock local() {
        return honest.local();
    }

    @Override
    public void close() {
        honest.close();
    }
}
