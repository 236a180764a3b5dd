/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.PollOutcome;
import java.util.Optional;

/** A running server. Thread-safe. */
public interface TransportServer extends AutoCloseable {

    /** Returns where clients find it, for people to read. */
    String address();

    /**
     * Takes note of what was just published, for clients that do not ask.
     *
     * <p>Called on the polling thread, which must not wait for any client.
     */
    default void publish(PollOutcome poll) {}

    /** Returns what it has done so far. */
    ServerCounts counts();

    /** Returns what was wrong with its files in the last minute, in words with the remedy; empty when nothing was. */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /** Ends its threads, then removes its files. */
    @Override
    void close();
}
