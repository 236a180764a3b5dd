/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;

/** A Java service that reads a clock of the library, whatever happens to the daemon behind it. */
public record LibraryClient(BoundedClock clock) implements IntervalReader {

    private static final LocalClock LOCAL = LocalClock.system();

    @Override
    public Reading now() {
        long askedNanos = LOCAL.epochNanos();
        BoundedInstant now = clock.read();
        long answeredNanos = LOCAL.epochNanos();
        ClockStatus status = now.status().isTrusted() ? now.status() : ClockStatus.UNKNOWN;
        return new Reading(askedNanos, answeredNanos, status, now.earliestNanos(), now.latestNanos());
    }

    @Override
    public void close() {
        clock.close();
    }
}
