/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reports failures, of each kind only the first of a run. A minute without one of its kind ends a run. Thread-safe. */
final class FailureLimiter {

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LocalClock local;
    private final Consumer<IOException> reports;
    private final Map<Object, Run> runs = new LinkedHashMap<>();

    FailureLimiter(LocalClock local, Consumer<IOException> reports) {
        this.local = local;
        this.reports = reports;
    }

    /**
     * Takes a failure.
     *
     * @param kind failures of equal kinds form a run
     */
    synchronized void add(Object kind, Supplier<IOException> failure) {
        long nowNanos = local.monotonicNanos();
        Run run = runs.get(kind);
        if (run != null && run.isCurrent(nowNanos)) {
            run.lastNanos = nowNanos;
            return;
        }
        IOException first = failure.get();
        runs.put(kind, new Run(String.valueOf(first.getMessage()), nowNanos));
        reports.accept(first);
    }

    /** Returns the message that each current run began with. */
    synchronized List<String> current() {
        long nowNanos = local.monotonicNanos();
        return runs.values().stream()
                .filter(run -> run.isCurrent(nowNanos))
                .map(run -> run.message)
                .toList();
    }

    private static final class Run {

        private final String message;
        private long lastNanos;

        private Run(String message, long nowNanos) {
            this.message = message;
            this.lastNanos = nowNanos;
        }

        private boolean isCurrent(long nowNanos) {
            return nowNanos - lastNanos < QUIET_NANOS;
        }
    }
}
