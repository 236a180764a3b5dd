/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The requests whose response could not be sent because a queue was full: the latest of each client, in retry order.
 *
 * <p>They are retried because some clients wait for a response without a timeout.
 */
final class DatagramBacklog {

    static final int MAX_CLIENTS = 64;

    private final Map<ByteBuffer, Entry> byName = new LinkedHashMap<>();
    private long sinceNanos;

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Returns the monotonic time since which the backlog has not been empty. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Adds an entry and returns the entry for which there is no room, which may be the new one. */
    Optional<Entry> add(Entry entry, long nowNanos) {
        if (byName.isEmpty()) {
            sinceNanos = nowNanos;
        }
        ByteBuffer name = ByteBuffer.wrap(entry.peer);
        if (byName.size() == MAX_CLIENTS && !byName.containsKey(name)) {
            return Optional.of(entry);
        }
        return Optional.ofNullable(byName.put(name, entry));
    }

    /** Removes and returns the next entry to retry; there must be one. */
    Entry removeNext() {
        Iterator<Entry> entries = byName.values().iterator();
        Entry next = entries.next();
        entries.remove();
        return next;
    }

    /** Puts a removed entry back, after the others. */
    void putBack(Entry entry) {
        byName.put(ByteBuffer.wrap(entry.peer), entry);
    }

    List<Entry> removeAll() {
        if (byName.isEmpty()) {
            return List.of();
        }
        List<Entry> all = new ArrayList<>(byName.values());
        byName.clear();
        return all;
    }

    /** A request and a copy of the name of the socket to which its response goes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(byte[] peer, Request request) {}
}
