/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

/** A running server. Thread-safe. */
public interface TransportServer extends AutoCloseable {

    /** Returns where clients find it, for people to read. */
    String address();

    /** Returns what it has done so far. */
    TransportCounts counts();

    /** Ends its threads, then removes its files. */
    @Override
    void close();
}
