/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import io.clockbound.spi.Service;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;

/** A way for other processes on this host to read a bounded clock. */
public interface Transport extends Service<Transport> {

    /** The maximum size of a report in UTF-8. */
    int MAX_STATUS_BYTES = 8 * 1024;

    /** Returns the names of the settings that {@link #with} knows; several transports may share one. */
    Set<String> settingNames();

    /**
     * Starts to serve a clock. When this returns, clients get responses. The names of its threads begin with {@code clockbound-} and
     * the name of the transport.
     *
     * @param clock the clock that clients read
     * @param reports what the daemon tells of itself; called on the server's threads
     * @param local measures how long a failure has lasted
     * @param failures receives the first failure of each run of a kind; called on the server's threads; must not block
     * @throws IOException when another server uses the same place, or the place cannot be used
     */
    TransportServer serve(BoundedClock clock, Reports reports, LocalClock local, Consumer<IOException> failures)
            throws IOException;

    /** What a daemon tells of itself: JSON objects of at most {@link #MAX_STATUS_BYTES}. Thread-safe. */
    @FunctionalInterface
    interface Reports {

        /** Returns the daemon's report on its status. */
        String status();

        /**
         * Returns what has happened to the clock since an instant; an empty object when the daemon keeps no history.
         *
         * @param sinceEpochNanos nanoseconds since the Unix epoch by the wall clock
         */
        default String history(long sinceEpochNanos) {
            return "{}";
        }
    }
}
