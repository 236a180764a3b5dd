/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.LocalClock;

/**
 * The monotonic clock of the machine, which all hosts share, read on a host whose own is ahead and runs at a rate of its own.
 *
 * @param aheadNanos by so much
 * @param ratePpb by so much faster
 * @param rateFromNanos since its own clock showed this
 */
record SharedTime(long aheadNanos, long ratePpb, long rateFromNanos) {

    private static final long BILLION = 1_000_000_000;

    long nanos() {
        long elapsedNanos = LocalClock.system().monotonicNanos() - rateFromNanos;
        return rateFromNanos + elapsedNanos - elapsedNanos * ratePpb / (BILLION + ratePpb) - aheadNanos;
    }
}
