/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.truth.TrackingProbe;
import io.clockbound.it.truth.TrueTime;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Asks the chronyd whose time is true, and the one beside the daemons, every 5 ms, and keeps what they say. */
final class TruthWatch implements AutoCloseable {

    private static final long PERIOD_NANOS = 5_000_000;

    private final LocalClock clock = LocalClock.system();
    private final TrackingProbe server;
    private final TrackingProbe chronyd;
    private final TrueTime trueTime = new TrueTime();
    private final TreeMap<Long, Double> boundsNanos = new TreeMap<>();
    private final Thread thread = new Thread(this::watch, "truth");
    private volatile boolean isClosed;

    private TruthWatch(TrackingProbe server, TrackingProbe chronyd) {
        this.server = server;
        this.chronyd = chronyd;
        thread.start();
    }

    static TruthWatch of(TestChronyd server, TestChronyd chronyd) throws IOException {
        return new TruthWatch(TrackingProbe.of(server), TrackingProbe.of(chronyd));
    }

    TrueTime trueTime() {
        return trueTime;
    }

    /** Returns the bounds that follow from what the chronyd beside the daemons said between two instants of the wall clock. */
    synchronized List<Double> boundsNanos(long fromNanos, long toNanos) {
        return List.copyOf(boundsNanos.subMap(fromNanos, true, toNanos, true).values());
    }

    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        chronyd.close();
    }

    private void watch() {
        long nextNanos = clock.monotonicNanos();
        while (!isClosed) {
            server.ask().ifPresent(trueTime::add);
            chronyd.ask().ifPresent(this::addBound);
            nextNanos += PERIOD_NANOS;
            LockSupport.parkNanos(nextNanos - clock.monotonicNanos());
        }
    }

    private synchronized void addBound(TrackingProbe.Tracking tracking) {
        boundsNanos.put(tracking.askedNanos(), tracking.boundNanos());
    }
}
