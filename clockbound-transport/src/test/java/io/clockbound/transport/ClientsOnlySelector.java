/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
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
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Selects the key of the listening channel until it has no client left, then waits for a wake-up. */
final class ClientsOnlySelector extends AbstractSelector {

    private final Set<SelectionKey> selected = new HashSet<>();
    private final CountDownLatch wakeUp = new CountDownLatch(1);
    private @Nullable SelectionKey listening;

    private ClientsOnlySelector(SelectorProvider provider) {
        super(provider);
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        Key key = new Key(this, channel, operations);
        key.attach(attachment);
        if (channel instanceof UnclosableClients) {
            listening = key;
        }
        return key;
    }

    @Override
    public int select() throws IOException {
        return select(0);
    }

    @Override
    public int select(long timeoutMillis) throws IOException {
        if (listening != null && ((UnclosableClients) listening.channel()).isClientWaiting()) {
            selected.add(listening);
            return 1;
        }
        try {
            wakeUp.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return 0;
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Selector wakeup() {
        wakeUp.countDown();
        return this;
    }

    @Override
    public Set<SelectionKey> keys() {
        return selected;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        return selected;
    }

    @Override
    protected void implCloseSelector() {}

    /** Makes selectors by which only new clients are found. */
    static final class Provider extends SelectorProvider {

        @Override
        public AbstractSelector openSelector() {
            return new ClientsOnlySelector(this);
        }

        @Override
        public DatagramChannel openDatagramChannel() {
            throw new UnsupportedOperationException();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) {
            throw new UnsupportedOperationException();
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
    }

    private static final class Key extends AbstractSelectionKey {

        private final Selector selector;
        private final SelectableChannel channel;
        private final int operations;

        private Key(Selector selector, SelectableChannel channel, int operations) {
            this.selector = selector;
            this.channel = channel;
            this.operations = operations;
        }

        @Override
        public SelectableChannel channel() {
            return channel;
        }

        @Override
        public Selector selector() {
            return selector;
        }

        @Override
        public int interestOps() {
            return operations;
        }

        @Override
        public SelectionKey interestOps(int operations) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int readyOps() {
            return operations;
        }
    }
}
