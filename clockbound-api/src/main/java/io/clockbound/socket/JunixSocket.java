/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.ConnectionRefusedSocketException;

/** A client's socket of junixsocket. */
final class JunixSocket implements UnixDatagramSocket {

    private final AFUNIXDatagramChannel channel;

    /** Opened at the first wait: a socket that only sends needs none. */
    private volatile @Nullable Selector selector;

    private @Nullable SelectionKey key;

    private JunixSocket(AFUNIXDatagramChannel channel) {
        this.channel = channel;
    }

    static JunixSocket open() throws IOException {
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        try {
            channel.configureBlocking(false);
            return new JunixSocket(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void bind(UnixName own) throws IOException {
        channel.bind(AFUNIXSocketAddress.of(own.bytes()));
    }

    @Override
    public void connect(UnixName server) throws IOException {
        try {
            channel.connect(AFUNIXSocketAddress.of(server.bytes()));
        } catch (ConnectionRefusedSocketException e) {
            throw refused(e);
        }
    }

    @Override
    public boolean send(ByteBuffer datagram) throws IOException {
        try {
            return channel.write(datagram) > 0;
        } catch (ConnectionRefusedSocketException e) {
            throw refused(e);
        }
    }

    @Override
    public boolean send(ByteBuffer datagram, UnixName receiver) throws IOException {
        return channel.send(datagram, AFUNIXSocketAddress.of(receiver.bytes())) > 0;
    }

    @Override
    public int receive(ByteBuffer datagram) throws IOException {
        try {
            return Math.max(0, channel.read(datagram));
        } catch (ConnectionRefusedSocketException e) {
            throw refused(e);
        }
    }

    @Override
    public boolean await(int operation, long timeoutMillis) throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException(); // before a selector is opened that nobody would close
        }
        try {
            Selector waiting = selector;
            SelectionKey registered = key;
            if (waiting == null || registered == null) {
                waiting = channel.provider().openSelector();
                selector = waiting;
                registered = channel.register(waiting, 0);
                key = registered;
            }
            registered.interestOps(operation);
            int ready = waiting.select(timeoutMillis);
            waiting.selectedKeys().clear();
            return ready > 0;
        } catch (ClosedSelectorException | CancelledKeyException e) { // another thread closed this socket meanwhile
            throw closed(e);
        }
    }

    @Override
    public void wakeUp() {
        Selector waiting = selector;
        if (waiting != null) {
            waiting.wakeup();
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Selector waiting = selector;
            if (waiting != null) {
                waiting.close();
            }
        }
    }

    private static ClosedChannelException closed(IllegalStateException failure) {
        ClosedChannelException closed = new ClosedChannelException();
        closed.initCause(failure);
        return closed;
    }

    private static ConnectException refused(ConnectionRefusedSocketException failure) {
        ConnectException refused = new ConnectException(failure.getMessage());
        refused.initCause(failure);
        return refused;
    }
}
