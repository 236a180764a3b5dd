/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A datagram socket that is connected to chronyd. For one thread; only {@link #awaitReadable} waits. */
interface Connection extends Closeable {

    /** Sends a datagram and returns its length; 0 when there is no room for it. */
    int write(ByteBuffer datagram) throws IOException;

    /** Receives a datagram and returns its length; 0 or less when none is there. */
    int read(ByteBuffer datagram) throws IOException;

    /** Waits until a datagram is there, or the time is over, or the thread is interrupted, which stays set. */
    void awaitReadable(long timeoutMillis) throws IOException;
}
