/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.BoundedClock;
import io.clockbound.order.CommitTimestamps;
import io.clockbound.order.HybridTimestamp;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/** Entries whose timestamps agree with the order in which clients saw them, on all hosts. */
public final class Ledger {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final CommitTimestamps timestamps;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<HybridTimestamp, String> entries = new ConcurrentSkipListMap<>(); // your storage

    public Ledger(BoundedClock clock) {
        timestamps = new CommitTimestamps(clock, Duration.ofMillis(50));
    }

    public HybridTimestamp commit(String entry) throws InterruptedException, TimeoutException {
        lock.lockInterruptibly();
        try {
            HybridTimestamp timestamp = timestamps.next(); // without trust it throws, and nothing was written
            entries.put(timestamp, entry); // durable, not visible yet
            timestamps.awaitVisible(timestamp, PATIENCE); // the commit wait; if it throws, wait again before showing it
            return timestamp;
        } finally {
            lock.unlock();
        }
    }
}
