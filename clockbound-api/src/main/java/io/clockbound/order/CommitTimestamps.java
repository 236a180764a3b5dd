/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * Timestamps of commits that agree with real order: a commit that was visible before another one began has the smaller
 * one.
 *
 * <pre>{@code
 * HybridTimestamp timestamp = timestamps.next();   // locks are held, everything read was observed
 * log.append(timestamp, writes);                   // durable, not visible yet
 * timestamps.awaitVisible(timestamp, timeout);     // the commit wait
 * locks.release();                                 // and reply to the client
 * }</pre>
 *
 * <p>The argument: {@code next} is not below the upper end of the interval, so not before true time at its call. The
 * wait ends when the lower end is above the timestamp, so true time is above it, too. Hence a commit whose {@code next}
 * is called after that gets a greater one, on any host, however wide the two intervals are. Timestamps of a process
 * ascend, so the wait for the last of a batch is the wait for all of it.
 *
 * <p>Assumes of storage that it is durable when it says so, that a conflicting transaction, or a read at a larger
 * timestamp, finds either the locks or the commit; of the network nothing. After a restart, {@link #observe} the
 * largest timestamp in storage and await it before showing what was recovered; nothing else needs to be persisted.
 *
 * <p>Does not give: locks, atomicity, unique timestamps across processes, a snapshot (a read at a timestamp has to wait
 * for the commits below it that are under way), or a way to take back a commit whose wait was cut off: it is durable,
 * so keep its locks and wait again.
 *
 * <p>Thread-safe and lock-free; waits apart, a method reads the clock once at most.
 */
public final class CommitTimestamps {

    private static final DurationRange MAX_WAITS = new DurationRange(
            DurationRange.NANOSECOND,
            Duration.ofHours(1),
            "a commit always waits for a moment, and one that waits longer blocks every other that needs its locks");

    private final BoundedClock clock;
    private final long maxWaitNanos;
    private final AscendingNanos issued = new AscendingNanos();

    /**
     * Creates the timestamps of a process, which needs one of these for all that it commits.
     *
     * @param maxWait the longest commit wait to begin, 1 ns to 1 h; the wait takes about the width of the interval, and
     *     a wider one is backpressure: {@link #next} refuses
     * @throws IllegalArgumentException when {@code maxWait} is outside that range
     */
    public CommitTimestamps(BoundedClock clock, Duration maxWait) {
        this.clock = clock;
        this.maxWaitNanos = MAX_WAITS.nanos("max wait", maxWait);
    }

    /**
     * Returns the timestamp of a commit, greater than all that were issued and observed, and not before true time.
     *
     * @throws ClockNotTrustedException when the clock cannot be trusted, or the commit would have to wait longer than
     *     the max wait; nothing was issued
     */
    public HybridTimestamp next() {
        BoundedInstant now = clock.now();
        long ceilingNanos = ceilingNanos(now);
        long next = issued.next(now.latestNanos(), ceilingNanos);
        if (next > ceilingNanos) {
            throw tooWide(now, next);
        }
        return new HybridTimestamp(next);
    }

    /**
     * Makes all later commits greater than a timestamp that was read from storage or received, such as that of a
     * participant's prepare.
     *
     * @throws FutureTimestampException when it is certainly ahead of true time, and so far that a commit after it would
     *     have to wait longer than the max wait; nothing has changed
     * @throws ClockNotTrustedException when the clock cannot be trusted, or its interval is so wide that a commit after
     *     a timestamp within it would have to wait longer than the max wait; nothing has changed
     */
    public void observe(HybridTimestamp timestamp) {
        long nanos = timestamp.epochNanos();
        if (nanos <= issued.last()) {
            return;
        }
        BoundedInstant now = clock.now();
        long ceilingNanos = ceilingNanos(now);
        if (nanos >= ceilingNanos) {
            throw nanos > now.latestNanos()
                    ? new FutureTimestampException(
                            timestamp.instant(),
                            Instant.ofEpochSecond(0, Math.max(now.latestNanos(), ceilingNanos - 1)),
                            "true time has not reached it, and a commit after it would wait longer than the max wait of "
                                    + maxWaitNanos + " ns; here it may be at most")
                    : tooWide(now, nanos + 1);
        }
        issued.raise(nanos);
    }

    /**
     * Tells whether a commit may be shown: its timestamp has certainly passed. False without trust. True once is
     * enough, even if the interval widens afterwards.
     */
    public boolean isVisible(HybridTimestamp timestamp) {
        return timestamp.epochNanos() < clock.read().earliestNanos();
    }

    /**
     * Waits until a commit, and with it every one with a smaller timestamp, may be shown. Begins at any time after
     * {@link #next}, so replication can take place meanwhile.
     *
     * @param timeout how long to wait at most; zero or less looks once
     * @return the interval that proves it
     * @throws ClockNotTrustedException as soon as the clock is seen without trust: the commit may not be shown yet
     * @throws TimeoutException with what was missing: the commit may not be shown yet
     * @throws InterruptedException when the thread is interrupted: the commit may not be shown yet
     */
    public BoundedInstant awaitVisible(HybridTimestamp timestamp, Duration timeout)
            throws InterruptedException, TimeoutException {
        return clock.waitUntilPast(timestamp.instant(), timeout);
    }

    /** Waits as {@link #awaitVisible} does, without a thread of its own: see {@link BoundedClock#whenPast}. */
    public CompletableFuture<BoundedInstant> whenVisible(HybridTimestamp timestamp, Duration timeout) {
        return clock.whenPast(timestamp.instant(), timeout);
    }

    private ClockNotTrustedException tooWide(BoundedInstant now, long nextNanos) {
        return ClockNotTrustedException.ofTooWide(
                now,
                "a commit would wait " + Long.toUnsignedString(nextNanos - now.earliestNanos())
                        + " ns, longer than the max wait of " + maxWaitNanos + " ns, because its interval is ±"
                        + now.halfWidthNanos()
                        + " ns or was wider a moment ago; try again later, or allow a longer wait");
    }

    /** Returns the largest timestamp whose wait is short enough. */
    private long ceilingNanos(BoundedInstant now) {
        return Math.min(now.earliestNanos(), HybridTimestamp.MAX_NANOS - maxWaitNanos) + maxWaitNanos;
    }
}
