/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.kill;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Reads segments all the time, as a Java service does, and judges each reading; true time is the wall clock. */
final class SegmentWatch implements AutoCloseable {

    private static final long PAUSE_NANOS = 20_000;
    private static final LocalClock LOCAL = LocalClock.system();

    private final List<BoundedClock> clocks = new ArrayList<>();
    private final AtomicLong readings = new AtomicLong();
    private final Thread thread = new Thread(this::watch, "watch");
    private volatile String wrong = "";
    private volatile boolean isClosed;

    SegmentWatch(List<Path> segments) throws IOException {
        for (Path segment : segments) {
            clocks.add(ClockBoundClients.sharedMemory(segment));
        }
        thread.start();
    }

    /** Reads a segment once as a program does that has just been started. */
    void judgeAnew(Path segment, boolean isUnfinished) {
        try (BoundedClock clock = ClockBoundClients.sharedMemory(segment)) {
            BoundedInstant now = judge(clock);
            if (isUnfinished && now.status().isTrusted()) {
                complain(segment + " is trusted though no record in it is finished: " + now);
            }
        } catch (IOException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    long readings() {
        return readings.get();
    }

    /** Returns what was wrong with the first wrong reading; empty when none was. */
    String wrong() {
        return wrong;
    }

    private synchronized void complain(String what) {
        wrong = wrong.isEmpty() ? what : wrong;
    }

    private void watch() {
        while (!isClosed) {
            clocks.forEach(this::judge);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private BoundedInstant judge(BoundedClock clock) {
        long before = LOCAL.epochNanos();
        BoundedInstant now = clock.read();
        long after = LOCAL.epochNanos();
        readings.incrementAndGet();
        if (now.earliestNanos() > after || now.latestNanos() < before) {
            complain(now + " does not contain a time from " + before + " to " + after);
        }
        if (now.status().isTrusted() && now.latestNanos() - now.earliestNanos() < 2 * RelatedRecord.MIN_BOUND_NANOS) {
            complain(now + " is narrower than any record");
        }
        return now;
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clocks.forEach(BoundedClock::close);
    }
}
