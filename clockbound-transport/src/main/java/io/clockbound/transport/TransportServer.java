/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.PollOutcome;
import java.util.List;
import java.util.Map;

/** A running server. Thread-safe. */
public interface TransportServer extends AutoCloseable {

    /** Returns where clients find this server, as text for people. */
    String address();

    /**
     * Publishes the outcome of a poll to clients that send no requests.
     *
     * <p>Called on the polling thread; must not wait for a client.
     */
    default void publish(PollOutcome poll) {}

    /**
     * Returns what the server has counted since it started, for the status report: the members of a JSON object, whose values
     * are numbers that never decrease, or further such maps. Empty when it counts nothing.
     *
     * <p>Three members are metrics as well: {@code requests}, by type and then by result, {@code renewals} of a socket, and
     * connections {@code turned_away}. Others are in the report only.
     */
    default Map<String, Object> counts() {
        return Map.of();
    }

    /** Returns the problems with its files in the last minute, each with its remedy. */
    default List<String> problems() {
        return List.of();
    }

    /** Ends its threads, then removes its files, except the segments of shared memory. */
    @Override
    void close();
}
