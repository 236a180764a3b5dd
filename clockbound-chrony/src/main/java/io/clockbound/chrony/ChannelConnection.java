/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * A connection over UDP.
 *
 * @param channel connected, non-blocking
 */
record ChannelConnection(DatagramChannel channel, Selector selector) implements Connection {

    /** Takes over a channel, which is closed with the connection, or when this fails. */
    static ChannelConnection of(DatagramChannel channel) throws IOException {
        try {
            Selector selector = channel.provider().openSelector();
            channel.register(selector, SelectionKey.OP_READ);
            return new ChannelConnection(channel, selector);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int write(ByteBuffer datagram) throws IOException {
        return channel.write(datagram);
    }

    @Override
    public int read(ByteBuffer datagram) throws IOException {
        return channel.read(datagram);
    }

    @Override
    public void awaitReadable(long timeoutMillis) throws IOException {
        selector.select(timeoutMillis);
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }
}
