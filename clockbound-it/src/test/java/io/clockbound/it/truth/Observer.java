/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.it.Deadline;
import io.clockbound.it.IntervalReader;
import io.clockbound.it.Reading;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Reads the daemon's interval and the server's time every 5 ms, from the first trusted reading on, and keeps them. */
public final class Observer implements AutoCloseable {

    private static final long PERIOD_NANOS = 5_000_000;

    /** How many readings go by between two questions to the chronyd that the daemon asks. */
    private static final int CHRONYD_EVERY = 100;

    private final LocalClock clock = LocalClock.system();
    private final IntervalReader daemon;
    private final TrackingProbe server;
    private final TrackingProbe chronyd;
    private final Thread thread = new Thread(this::observe, "observer");
    private final TrueTime trueTime = new TrueTime();
    private final List<Reading> readings = new ArrayList<>();
    private final List<Double> chronydBoundsNanos = new ArrayList<>();
    private final List<ClockStatus> statuses = new ArrayList<>();
    private @Nullable Exception failure;
    private boolean isClosed;

    public Observer(IntervalReader daemon, TrackingProbe server, TrackingProbe chronyd) {
        this.daemon = daemon;
        this.server = server;
        this.chronyd = chronyd;
        thread.start();
    }

    public TrueTime trueTime() {
        return trueTime;
    }

    /** Waits until the last reading has this status. */
    public void awaitStatus(ClockStatus status) throws Exception {
        Deadline.await(() -> status + "; seen: " + statuses(), () -> {
            requireRunning();
            List<ClockStatus> seen = statuses();
            return !seen.isEmpty() && seen.get(seen.size() - 1) == status;
        });
    }

    /** Lets readings go on for a time. */
    public void observeFor(Duration time) throws Exception {
        Deadline end = Deadline.in(time);
        while (!end.isOver()) {
            requireRunning();
            Deadline.pause();
        }
    }

    /** Returns what was read, in order. */
    public synchronized List<Reading> readings() {
        return List.copyOf(readings);
    }

    /** Returns what was read last. */
    synchronized Reading last() {
        return readings.get(readings.size() - 1);
    }

    /** Returns the statuses in the order in which they changed. */
    public synchronized List<ClockStatus> statuses() {
        return List.copyOf(statuses);
    }

    /** Returns the bounds that follow from what chronyd itself said while the daemon was synchronised. */
    public synchronized List<Double> chronydBoundsNanos() {
        return List.copyOf(chronydBoundsNanos);
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void requireRunning() throws Exception {
        if (failure != null) {
            throw failure;
        }
    }

    private void observe() {
        long nextNanos = clock.monotonicNanos();
        try {
            for (int count = 0; isOpen(); count++) {
                server.ask().ifPresent(trueTime::add);
                add(daemon.now());
                if (count % CHRONYD_EVERY == 0) {
                    chronyd.ask().ifPresent(this::addChronyd);
                }
                nextNanos += PERIOD_NANOS;
                LockSupport.parkNanos(nextNanos - clock.monotonicNanos());
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private synchronized boolean isOpen() {
        return !isClosed;
    }

    private synchronized void add(Reading reading) {
        if (statuses.isEmpty() && !reading.isTrusted()) {
            return;
        }
        readings.add(reading);
        if (statuses.isEmpty() || statuses.get(statuses.size() - 1) != reading.status()) {
            statuses.add(reading.status());
        }
    }

    private synchronized void addChronyd(TrackingProbe.Tracking tracking) {
        if (!statuses.isEmpty() && statuses.get(statuses.size() - 1) == ClockStatus.SYNCHRONIZED) {
            chronydBoundsNanos.add(tracking.boundNanos());
        }
    }

    private synchronized void fail(Exception e) {
        failure = e;
    }
}
