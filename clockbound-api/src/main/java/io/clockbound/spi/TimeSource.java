/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A synchronisation daemon that knows how wrong the clock of this host is.
 *
 * <p>Used by one thread, the one that polls; it is interrupted to end a poll early.
 */
public interface TimeSource extends Service<TimeSource>, AutoCloseable {

    /**
     * Asks once, and returns what the reply says, or fails within about a second.
     *
     * @throws IOException when no reply came, or one that cannot be used; it names the peer and the remedy
     */
    ClockSnapshot poll() throws IOException;

    /**
     * Returns the servers and reference clocks that it measures, for people; the followed one first. Called between polls; whatever
     * comes of it must not change what the next poll finds.
     *
     * @param limit returns within about this time
     * @throws IOException when no reply came, or one that cannot be used
     */
    default List<SourceState> sources(Duration limit) throws IOException {
        return List.of();
    }

    /** Returns whom it asks, for a person to read: an address once it has replied, else the list. */
    String peer();

    /**
     * Returns how people know a reference that it follows, or followed at its last poll: the address of a server, the name of a
     * clock. Called by the thread that polls.
     */
    default String nameOf(ReferenceId reference) {
        return reference.toString();
    }

    /** Closes what polling opened; a poll after it opens anew. */
    @Override
    void close();
}
