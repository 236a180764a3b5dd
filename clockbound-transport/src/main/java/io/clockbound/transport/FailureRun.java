/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Failures of one kind, of which only the first of a run is handed over; a minute without one ends the run. Thread-safe. */
final class FailureRun {

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LocalClock local;
    private final Consumer<IOException> failures;
    private boolean running;
    private long lastNanos;

    FailureRun(LocalClock local, Consumer<IOException> failures) {
        this.local = local;
        this.failures = failures;
    }

    synchronized void add(Supplier<IOException> failure) {
        long nowNanos = local.monotonicNanos();
        boolean first = !running || nowNanos - lastNanos >= QUIET_NANOS;
        running = true;
        lastNanos = nowNanos;
        if (first) {
            failures.accept(failure.get());
        }
    }
}
