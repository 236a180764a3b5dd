/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A bound datagram socket that no client can make its server lose. For one thread, except {@link #wakeUp}. */
public interface DatagramServerSocket extends Closeable {

    /** Asks for a send buffer as large as the kernel allows. */
    int LARGEST_SEND_BUFFER = Integer.MAX_VALUE;

    /** The part of the send buffer that is kept back for the responses which a socket still owes when it is retired. */
    int RESERVE_BYTES = 64 * 1024;

    /**
     * Receives a request into the remaining bytes of a buffer, and the name of its sender; a longer one is truncated.
     *
     * @param waitMillis how long to wait for one when none is there; negative for as long as it takes
     * @return whether there was one; false after a wake-up
     */
    boolean receive(NativeBytes request, DatagramPeer sender, long waitMillis) throws IOException;

    /** Tells whether a request is waiting. */
    boolean hasRequest() throws IOException;

    /**
     * Sends the remaining bytes of a buffer as a response and returns true, or returns false when there is no room for it.
     *
     * @throws ClientGoneException when the client no longer exists, or refuses the response
     */
    boolean send(NativeBytes response, DatagramPeer client) throws IOException;

    /**
     * Tells whether unread responses fill less than a quarter of the send buffer.
     *
     * <p>If so, a response for which there is no room was refused because its client's own queue is full.
     */
    boolean isWritable() throws IOException;

    /**
     * Refuses further requests and makes room in the send buffer for the responses to those that are waiting.
     *
     * <p>Linux refuses a datagram to a socket that is connected to another peer. A client connected to this socket therefore
     * gets an error, on which it can act, instead of silence.
     */
    void retire(Path successor) throws IOException;

    /** Ends the wait of the server's thread, whether it waits now or only later; what is received after it is not defined. */
    void wakeUp();

    /** A failure to send a response that is the client's, not the server's. */
    final class ClientGoneException extends IOException {

        private static final long serialVersionUID = 1;

        ClientGoneException(DatagramPeer client, IOException cause) {
            super("client " + client + " cannot be answered", cause);
        }
    }
}
