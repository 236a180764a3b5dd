/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * The requests that found no room for their answer since the last one that did, the latest of each client.
 *
 * <p>They get a second chance, because a client may wait for its answer without a time limit.
 */
final class Unsent {

    static final int MAX_CLIENTS = 64;

    private final Map<ByteBuffer, Entry> byName = new LinkedHashMap<>();
    private long sinceNanos;

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Returns the monotonic time of the first of them. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Keeps an entry and returns the one that thereby lost its chance, which may be the new one. */
    Optional<Entry> add(Entry entry, long nowNanos) {
        if (byName.isEmpty()) {
            sinceNanos = nowNanos;
        }
        ByteBuffer name = ByteBuffer.wrap(entry.client.getPathAsBytes());
        if (byName.size() == MAX_CLIENTS && !byName.containsKey(name)) {
            return Optional.of(entry);
        }
        return Optional.ofNullable(byName.put(name, entry));
    }

    List<Entry> removeAll() {
        if (byName.isEmpty()) {
            return List.of();
        }
        List<Entry> all = new ArrayList<>(byName.values());
        byName.clear();
        return all;
    }

    /** A request, its bytes and where its answer goes. */
    record Entry(AFUNIXSocketAddress client, RequestType type, ByteBuffer request) {}
}
