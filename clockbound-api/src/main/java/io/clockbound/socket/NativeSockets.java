/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.nio.file.Path;

/** A way into the kernel for Unix sockets. Thread-safe. */
public sealed interface NativeSockets permits ForeignSockets, JunixSockets {

    /**
     * Returns the way that this process uses: what {@link #choose} said, else the system property
     * {@value NativeChoice#PROPERTY}, else {@link NativeChoice#auto}. It stays the same.
     *
     * @throws IOException when it cannot be used; the message has the remedy
     */
    static NativeSockets chosen() throws IOException {
        return ChosenSockets.get();
    }

    /** Chooses the way, unless one was chosen or used already. */
    static void choose(NativeChoice choice) {
        ChosenSockets.choose(choice);
    }

    /** Returns its name, as {@link NativeChoice} has it. */
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
     * Opens a server's datagram socket at a path that does not exist.
     *
     * @param maxSendBufferBytes the size of the send buffer; the kernel may grant less
     */
    DatagramServerSocket bind(Path path, int maxSendBufferBytes) throws IOException;

    /**
     * Opens a server's stream socket at a path that does not exist.
     *
     * @param backlog how many clients may wait to be accepted; the kernel may allow fewer
     */
    StreamServerSocket listen(Path path, int backlog) throws IOException;

    /** Opens a client's datagram socket. */
    UnixDatagramSocket open() throws IOException;

    /** Tells whether a program serves datagrams at a path. */
    boolean isServed(Path path);
}
