/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Asks a chronyd one thing after another. */
interface Exchange {

    /**
     * Sends a request and returns the body of the reply; good until the next call.
     *
     * @throws ChronyRefusal when chronyd replies that it did not do that
     * @throws IOException when no reply came, or none that can be used
     */
    ByteBuffer ask(Request request) throws IOException;
}
