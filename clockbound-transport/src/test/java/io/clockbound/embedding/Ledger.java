/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.BoundedClock;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.order.CommitTimestamps;
import io.clockbound.order.HybridTimestamp;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/** Entries whose timestamps agree with the order in which clients saw them, on all hosts. */
public final class Ledger {

    private static final System.Logger LOG = System.getLogger("orders");
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final BoundedClock clock;
    private final CommitTimestamps timestamps;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<HybridTimestamp, String> entries; // your storage

    public Ledger(BoundedClock clock, NavigableMap<HybridTimestamp, String> entries) {
        this.clock = clock;
        this.entries = entries;
        // the longest commit wait: twice the widest bound at which the service is of use; a wider one is refused
        timestamps = new CommitTimestamps(clock, Duration.ofMillis(50));
        if (!entries.isEmpty()) { // those of the run before, of which the last may not be shown yet
            awaitVisible(entries.lastKey());
            timestamps.observe(entries.lastKey());
        }
    }

    public HybridTimestamp commit(String entry) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            HybridTimestamp timestamp = timestamps.next(); // without trust it throws, and nothing was written
            entries.put(timestamp, entry); // durable, not visible yet
            awaitVisible(timestamp);
            return timestamp;
        } finally {
            lock.unlock();
        }
    }

    /** The commit wait. The entry is in storage, so it keeps the lock until the entry may be seen, whatever happens meanwhile. */
    private void awaitVisible(HybridTimestamp timestamp) {
        boolean isInterrupted = false;
        while (!timestamps.isVisible(timestamp)) {
            try {
                clock.waitUntilTrusted(LOOK);
                timestamps.awaitVisible(timestamp, LOOK);
            } catch (TimeoutException | ClockNotTrustedException e) {
                LOG.log(System.Logger.Level.WARNING, "commit {0} goes on waiting: {1}", timestamp, e.getMessage());
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
