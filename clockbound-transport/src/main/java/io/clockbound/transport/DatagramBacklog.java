/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests whose answer found no room, the latest of each client, in the order in which they are tried again.
 *
 * <p>They are, because a client may wait for its answer without a time limit.
 */
final class DatagramBacklog {

    static final int MAX_CLIENTS = 64;

    private final Map<ByteBuffer, Entry> byName = new LinkedHashMap<>();
    private long sinceNanos;

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Returns the monotonic time since which there have been some. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Keeps an entry and returns the one that thereby lost its chance, which may be the new one. */
    Optional<Entry> add(Entry entry, long nowNanos) {
        if (byName.isEmpty()) {
            sinceNanos = nowNanos;
        }
        ByteBuffer name = ByteBuffer.wrap(entry.client);
        if (byName.size() == MAX_CLIENTS && !byName.containsKey(name)) {
            return Optional.of(entry);
        }
        return Optional.ofNullable(byName.put(name, entry));
    }

    /** Takes out the next to try; there must be one. */
    Entry removeNext() {
        Iterator<Entry> entries = byName.values().iterator();
        Entry next = entries.next();
        entries.remove();
        return next;
    }

    /** Puts an entry that was taken out behind the others. */
    void putBack(Entry entry) {
        byName.put(ByteBuffer.wrap(entry.client), entry);
    }

    List<Entry> removeAll() {
        if (byName.isEmpty()) {
            return List.of();
        }
        List<Entry> all = new ArrayList<>(byName.values());
        byName.clear();
        return all;
    }

    /** A request, null for a malformed one, and a copy of the name to which its answer goes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(byte[] client, @Nullable Request request) {}
}
