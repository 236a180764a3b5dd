/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stream server's socket by the channels of the JDK. */
final class ChannelStreamServerSocket implements StreamServerSocket {

    private final ServerSocketChannel channel;
    private final Selector selector;
    private final SelectionKey accepting;

    /** Made once, so that a turn allocates nothing. */
    private final Consumer<SelectionKey> turn = this::takeTurn;

    private boolean isClientWaiting;

    private ChannelStreamServerSocket(ServerSocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.accepting = channel.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
    }

    static ChannelStreamServerSocket bind(Path path, int backlog) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = null;
        try {
            channel.bind(UnixDomainSocketAddress.of(path), backlog);
            selector = Selector.open();
            return new ChannelStreamServerSocket(channel, selector);
        } catch (IOException e) {
            if (selector != null) {
                selector.close();
            }
            channel.close();
            throw new IOException("cannot bind a socket at " + path, e);
        }
    }

    @Override
    public StreamServerSocket.@Nullable Connection accept() throws IOException {
        SocketChannel client = channel.accept();
        return client == null ? null : new Connection(client, selector);
    }

    @Override
    public boolean select(long timeoutMillis) throws IOException {
        isClientWaiting = false;
        selector.select(turn, timeoutMillis);
        return isClientWaiting;
    }

    private void takeTurn(SelectionKey key) {
        if (key == accepting) {
            isClientWaiting = true;
        } else {
            ((Runnable) key.attachment()).run();
        }
    }

    @Override
    public void setAccepting(boolean isAccepting) {
        accepting.interestOps(isAccepting ? SelectionKey.OP_ACCEPT : 0);
    }

    @Override
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }

    private record Connection(SocketChannel channel, Selector selector) implements StreamServerSocket.Connection {

        @Override
        public void share(Runnable turn) throws IOException {
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, turn);
        }

        @Override
        public boolean isShared() {
            return channel.isRegistered();
        }

        @Override
        public void await(int operation) {
            channel.keyFor(selector).interestOps(operation);
        }

        @Override
        public int read(NativeBytes bytes) throws IOException {
            return channel.read(bytes.bytes());
        }

        @Override
        public void write(NativeBytes bytes) throws IOException {
            channel.write(bytes.bytes());
        }

        @Override
        public void shutdown() throws IOException {
            channel.close(); // the JDK has the descriptor stay until the other thread's call has returned
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
