/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;

/**
 * A hybrid logical clock on a bounded one: timestamps that agree with cause and effect and need no wait.
 *
 * <p>The argument: an event gets the lower end of the interval, or one more than the largest timestamp that this clock
 * issued or received. So an effect is later than its cause, and by induction no timestamp is ever ahead of true time.
 * Hence one above the <em>receiver's</em> upper end is certainly wrong; it is refused. And what a read may have missed
 * lies between its timestamp and its own upper end: only the reader's bound matters, not the widest one in the cluster.
 *
 * <p>Assumes that each message carries the sender's timestamp and is received by {@link #receive}; that a node which
 * serves a read receives its timestamp before it answers; that two events in succession are a nanosecond apart. After a
 * restart, pass the largest timestamp in storage to {@link #receive}, or wait once until {@code clock.now().latest()}
 * is past. Nothing else needs to be persisted.
 *
 * <p>Does not give: an order of events that do not know of each other ({@link CommitTimestamps} does, for a wait);
 * unique timestamps across processes; a way to tell a wrong timestamp inside the interval, which moves this clock ahead
 * by less than the interval's width.
 *
 * <p>Thread-safe and lock-free. Every method reads the clock once.
 */
public final class HybridClock {

    private final BoundedClock clock;
    private final AscendingNanos issued = new AscendingNanos();

    /** Creates a clock that has issued and received nothing yet. */
    public HybridClock(BoundedClock clock) {
        this.clock = clock;
    }

    /**
     * Returns the timestamp of an event, such as a write or the sending of a message.
     *
     * @throws ClockNotTrustedException when the clock cannot be trusted
     * @throws IllegalStateException when no timestamp is left, in the year 2262
     */
    public HybridTimestamp next() {
        return new HybridTimestamp(issue(clock.earliestNanos()));
    }

    /**
     * Returns the timestamp of the receipt of a message, or of the reading of what another host wrote.
     *
     * @param received the timestamp that came with it
     * @return one greater than {@code received} and all before
     * @throws FutureTimestampException when {@code received} is certainly ahead of true time; this clock then is as it
     *     was
     * @throws ClockNotTrustedException when the clock cannot be trusted
     * @throws IllegalStateException when no timestamp is left, in the year 2262
     */
    public HybridTimestamp receive(HybridTimestamp received) {
        BoundedInstant now = clock.now();
        if (received.epochNanos() > now.latestNanos()) {
            throw new FutureTimestampException(received.instant(), now.latest(), "true time is at most");
        }
        return new HybridTimestamp(issue(Math.max(received.epochNanos() + 1, now.earliestNanos())));
    }

    /**
     * Begins a read: it sees every version that this clock knows of, and the interval tells whether it must see any
     * other.
     *
     * @throws ClockNotTrustedException when the clock cannot be trusted
     * @throws IllegalStateException when no timestamp is left, in the year 2262
     */
    public ReadInterval read() {
        BoundedInstant now = clock.now();
        long atNanos = issue(now.earliestNanos());
        return new ReadInterval(atNanos, Math.max(atNanos, Math.min(now.latestNanos(), HybridTimestamp.MAX_NANOS)));
    }

    private long issue(long floorNanos) {
        long next = issued.next(floorNanos, HybridTimestamp.MAX_NANOS);
        if (next > HybridTimestamp.MAX_NANOS) {
            throw new IllegalStateException("no timestamp is left after " + HybridTimestamp.MAX_NANOS
                    + " ns, the end of the range: a damaged bound let the largest one in; restart with a sound clock");
        }
        return next;
    }
}
