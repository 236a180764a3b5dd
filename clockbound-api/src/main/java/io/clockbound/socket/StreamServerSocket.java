/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * A bound stream socket, and what waits for its clients. For one thread, except {@link #wakeUp}.
 *
 * <p>It does not close the connections that it accepted.
 */
public interface StreamServerSocket extends Closeable {

    /**
     * Accepts a client; null when none is waiting.
     *
     * @throws IOException above all when no descriptor is left; the client then goes on waiting
     */
    @Nullable
    Connection accept() throws IOException;

    /**
     * Waits for shared connections and for new clients, and runs the turn of each connection that is ready.
     *
     * @param timeoutMillis how long to wait; 0 for as long as it takes
     * @return whether a client is waiting to be accepted
     */
    boolean select(long timeoutMillis) throws IOException;

    /** Says whether {@link #select} waits for new clients; at first it does. */
    void setAccepting(boolean isAccepting) throws IOException;

    /** Ends the wait of the server's thread, whether it waits now or only later. */
    void wakeUp();

    /** A client's connection. For one thread at a time, except {@link #shutdown}. Reads and writes wait until it is shared. */
    interface Connection extends Closeable {

        /** Has {@link #select} wait for it, at first until it can be read, and run its turn; it never waits itself any more. */
        void share(Runnable turn) throws IOException;

        /** Tells whether it is shared. */
        boolean isShared();

        /**
         * Says for what {@link #select} waits, when it is shared.
         *
         * @param operation of {@link SelectionKey}: to read or to write
         */
        void await(int operation) throws IOException;

        /** Reads into the remaining bytes of a buffer; returns how many came, or -1 at the end. */
        int read(NativeBytes bytes) throws IOException;

        /** Writes what the client's queue takes of the remaining bytes of a buffer. */
        void write(NativeBytes bytes) throws IOException;

        /** Ends the reads and writes of another thread, which then closes it. */
        void shutdown() throws IOException;
    }
}
