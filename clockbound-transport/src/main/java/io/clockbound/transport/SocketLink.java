/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.Closeable;
import java.io.IOException;

/**
 * A client's connection to a daemon's socket. For one thread at a time.
 *
 * <p>After an {@link IOException} it must be closed: the response may still arrive, and would be taken for the next one.
 */
interface SocketLink extends Closeable {

    /**
     * Sends a request and waits for the response.
     *
     * @param deadlineNanos the monotonic time at which to give up
     */
    Response ask(Request request, long deadlineNanos) throws IOException;
}
