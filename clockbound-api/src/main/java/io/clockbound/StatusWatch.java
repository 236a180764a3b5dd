/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What {@link BoundedClock#onStatusChange} began: a look at the clock every 100 ms, which tells a listener when the status has
 * changed. It ends when this or the clock is closed. Thread-safe.
 */
public final class StatusWatch implements AutoCloseable {

    private static final long PAUSE_NANOS = 100_000_000;

    private final BoundedClock clock;
    private final Consumer<StatusChange> listener;
    private ClockStatus status = ClockStatus.UNKNOWN; // used by one look after the other
    private volatile boolean isClosed;

    StatusWatch(BoundedClock clock, Consumer<StatusChange> listener) {
        this.clock = clock;
        this.listener = listener;
    }

    StatusWatch begin() {
        lookAfter(0);
        return this;
    }

    /** Ends the calls of the listener; one that is under way goes on. */
    @Override
    public void close() {
        isClosed = true;
    }

    private void lookAfter(long nanos) {
        Executor later = clock.local().delayed(nanos);
        later.execute(this::look);
    }

    private void look() {
        if (isClosed) {
            return;
        }
        ClockReport report;
        try {
            report = clock.report();
        } catch (IllegalStateException e) {
            note(ClockStatus.UNKNOWN, String.valueOf(e.getMessage())); // the clock is closed
            return;
        }
        try {
            note(report.status(), report.why());
        } finally {
            lookAfter(PAUSE_NANOS); // also after a listener that throws
        }
    }

    private void note(ClockStatus is, String why) {
        ClockStatus was = status;
        status = is;
        if (was != is) {
            listener.accept(new StatusChange(was, is, why));
        }
    }
}
