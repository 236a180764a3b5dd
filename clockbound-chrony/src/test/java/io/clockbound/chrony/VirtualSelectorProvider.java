/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes channels to a {@link VirtualNetwork}, and selectors that wait in its time. */
final class VirtualSelectorProvider extends SelectorProvider {

    private final VirtualNetwork network;

    VirtualSelectorProvider(VirtualNetwork network) {
        this.network = network;
    }

    @Override
    public DatagramChannel openDatagramChannel() {
        return new VirtualChannel(this, network);
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
        return openDatagramChannel();
    }

    @Override
    public AbstractSelector openSelector() {
        return new VirtualSelector(this);
    }

    @Override
    public Pipe openPipe() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel openSocketChannel() {
        throw new UnsupportedOperationException();
    }

    private final class VirtualSelector extends AbstractSelector {

        private final Set<SelectionKey> keys = new HashSet<>();

        VirtualSelector(SelectorProvider provider) {
            super(provider);
        }

        @Override
        protected SelectionKey register(
                AbstractSelectableChannel channel, int operations, @Nullable Object attachment) {
            SelectionKey key = new VirtualKey(this, (VirtualChannel) channel);
            keys.add(key);
            return key;
        }

        @Override
        public int select(long timeoutMillis) {
            network.await(TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
            return 1;
        }

        @Override
        public int select() {
            throw new UnsupportedOperationException("it would wait for ever");
        }

        @Override
        public int selectNow() {
            return 1;
        }

        @Override
        public Set<SelectionKey> keys() {
            return keys;
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return new HashSet<>();
        }

        @Override
        public Selector wakeup() {
            return this;
        }

        @Override
        protected void implCloseSelector() throws IOException {
            keys.clear();
        }
    }

    private static final class VirtualKey extends AbstractSelectionKey {

        private final Selector selector;
        private final VirtualChannel channel;

        VirtualKey(Selector selector, VirtualChannel channel) {
            this.selector = selector;
            this.channel = channel;
        }

        @Override
        public VirtualChannel channel() {
            return channel;
        }

        @Override
        public Selector selector() {
            return selector;
        }

        @Override
        public int interestOps() {
            return OP_READ;
        }

        @Override
        public SelectionKey interestOps(int operations) {
            return this;
        }

        @Override
        public int readyOps() {
            return OP_READ;
        }
    }
}
