/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.nio.file.Path;

/** A way into the kernel for Unix datagram sockets. Thread-safe. */
public sealed interface NativeSockets permits JunixSockets {

    /** Returns the way that this process uses. */
    static NativeSockets chosen() {
        return new JunixSockets();
    }

    /** Returns its name. */
    String name();

    /**
     * Loads it, so that its first socket need not wait for that.
     *
     * @throws IOException when it cannot be loaded; the message has the remedy
     */
    void load() throws IOException;

    /** Returns memory for this way's sockets. */
    NativeBytes allocate(int capacity);

    /**
     * Opens a server's socket at a path that does not exist.
     *
     * @param maxSendBufferBytes the size of the send buffer; the kernel may grant less
     */
    DatagramServerSocket bind(Path path, int maxSendBufferBytes) throws IOException;

    /** Opens a client's socket. */
    UnixDatagramSocket open() throws IOException;

    /** Tells whether a program serves datagrams at a path. */
    boolean isServed(Path path);
}
