/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;

/**
 * A client's Unix datagram socket. Only {@link #await} waits.
 *
 * <p>For one thread at a time, except {@link #wakeUp} and {@link #close}: closing it ends a wait of another thread.
 */
public interface UnixDatagramSocket extends Closeable {

    /** Gives it a name, to which replies can be sent. */
    void bind(UnixName own) throws IOException;

    /**
     * Connects it to the socket of a server, from which alone it receives since then.
     *
     * @throws ConnectException when there is a file and nobody listens
     */
    void connect(UnixName server) throws IOException;

    /**
     * Sends the remaining bytes of a buffer to the server.
     *
     * @return whether there was room for them
     * @throws ConnectException when nobody listens any more
     */
    boolean send(ByteBuffer datagram) throws IOException;

    /**
     * Sends the remaining bytes of a buffer to a socket to which this one is not connected.
     *
     * @return whether there was room for them
     */
    boolean send(ByteBuffer datagram, UnixName receiver) throws IOException;

    /**
     * Receives a datagram into the remaining bytes of a buffer; the end of a longer one is lost.
     *
     * @return its length; 0 when none is waiting, or an empty one was
     */
    int receive(ByteBuffer datagram) throws IOException;

    /**
     * Waits until the socket is ready, or failed, or the time is over, or {@link #wakeUp} or an interrupt, which stays set.
     *
     * @param operation {@code SelectionKey.OP_READ} or {@code SelectionKey.OP_WRITE}
     * @param timeoutMillis at least 1
     * @return whether it is ready
     * @throws IOException when the socket is closed, also while this waits; or the kernel refuses
     */
    boolean await(int operation, long timeoutMillis) throws IOException;

    /** Ends the wait of another thread, or the next one. */
    void wakeUp();
}
