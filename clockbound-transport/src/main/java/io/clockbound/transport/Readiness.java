/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** What tells when a socket is ready. */
interface Readiness extends Closeable {

    /**
     * Waits until the socket is ready, the time is over, it is woken, or the thread interrupted, which stays set.
     *
     * @param operation of {@link SelectionKey}
     */
    boolean await(int operation, long timeoutMillis) throws IOException;

    /** Ends the wait of another thread. */
    void wakeUp();

    /** That of a channel of the JDK. */
    record OfChannel(Selector selector, SelectionKey key) implements Readiness {

        static OfChannel of(SelectableChannel channel) throws IOException {
            Selector selector = channel.provider().openSelector();
            return new OfChannel(selector, channel.register(selector, 0));
        }

        @Override
        public boolean await(int operation, long timeoutMillis) throws IOException {
            key.interestOps(operation);
            int ready = selector.select(timeoutMillis);
            selector.selectedKeys().clear();
            return ready > 0;
        }

        @Override
        public void wakeUp() {
            selector.wakeup();
        }

        @Override
        public void close() throws IOException {
            selector.close();
        }
    }
}
