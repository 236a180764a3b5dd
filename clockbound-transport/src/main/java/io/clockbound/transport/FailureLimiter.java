/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Failures of one kind, of which only the first of a run is handed over; a minute without one ends the run. Thread-safe. */
final class FailureLimiter {

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LocalClock local;
    private final Consumer<IOException> failures;
    private @Nullable IOException first;
    private long lastNanos;

    FailureLimiter(LocalClock local, Consumer<IOException> failures) {
        this.local = local;
        this.failures = failures;
    }

    /** Takes a failure. */
    synchronized void add(Supplier<IOException> failure) {
        long nowNanos = local.monotonicNanos();
        boolean isRunning = first != null && nowNanos - lastNanos < QUIET_NANOS;
        lastNanos = nowNanos;
        if (!isRunning) {
            first = failure.get();
            failures.accept(first);
        }
    }

    /** Returns what the run that has not ended began with. */
    synchronized Optional<String> present() {
        return first == null || local.monotonicNanos() - lastNanos >= QUIET_NANOS
                ? Optional.empty()
                : Optional.ofNullable(first.getMessage());
    }
}
