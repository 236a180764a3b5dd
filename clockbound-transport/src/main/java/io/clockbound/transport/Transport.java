/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import io.clockbound.spi.Service;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A way by which other processes on this host read a bounded clock. */
public interface Transport extends Service<Transport> {

    /** Returns the names of the settings that {@link #with} knows; several transports may share one. */
    Set<String> settingNames();

    /**
     * Begins to serve a clock; when this returns, clients are answered.
     *
     * @param clock what clients are told
     * @param status what the daemon says of itself to a client that asks, a JSON object of at most 8 KiB; called on the
     *     server's threads
     * @param local measures how long something has failed
     * @param failures takes the first of a run of equal failures, called on the server's thread; must not block
     * @throws IOException when another server uses the same place, or the place cannot be used
     */
    TransportServer serve(BoundedClock clock, Supplier<String> status, LocalClock local, Consumer<IOException> failures)
            throws IOException;
}
