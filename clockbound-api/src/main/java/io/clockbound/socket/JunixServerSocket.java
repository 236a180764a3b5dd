/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * A server's socket of junixsocket.
 *
 * <p>junixsocket closes the descriptor on which a send shows that a client is dead. Responses are therefore sent through a
 * second descriptor of the same socket, which is then replaced.
 */
final class JunixServerSocket implements DatagramServerSocket {

    private final AFUNIXDatagramChannel channel;
    private final Selector selector;
    private final JunixCalls calls;
    private final SelectionKey key;
    private final FileDescriptor requestDescriptor;
    private AFUNIXDatagramChannel responses;
    private FileDescriptor responseDescriptor;

    /** Whether the last request may have had others behind it, so that it is not worth a select to look for them. */
    private boolean mayBeWaiting;

    private JunixServerSocket(AFUNIXDatagramChannel channel, Selector selector, JunixCalls calls) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.calls = calls;
        this.key = channel.register(selector, SelectionKey.OP_READ);
        this.requestDescriptor = channel.getFileDescriptor();
        this.responses = duplicate(channel);
        this.responseDescriptor = responses.getFileDescriptor();
    }

    /**
     * Opens a socket at a path that does not exist.
     *
     * @param calls the native methods that receive and send
     * @param maxSendBufferBytes the size of the send buffer; the kernel may grant less
     */
    static JunixServerSocket bind(Path path, JunixCalls calls, int maxSendBufferBytes) throws IOException {
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        Selector selector = null;
        try {
            channel.setDeleteOnClose(false);
            channel.setShutdownOnClose(false);
            channel.configureBlocking(false);
            channel.bind(AFUNIXSocketAddress.of(path));
            limitSendBuffer(channel, maxSendBufferBytes);
            selector = channel.provider().openSelector();
            return new JunixServerSocket(channel, selector, calls);
        } catch (IOException e) {
            if (selector != null) {
                selector.close();
            }
            channel.close();
            throw new IOException("cannot bind a socket at " + path, e);
        }
    }

    /** Tells whether a program serves datagrams at a path. */
    static boolean isServed(Path path) {
        try (AFUNIXDatagramChannel client = AFUNIXDatagramChannel.open()) {
            client.connect(AFUNIXSocketAddress.of(path));
            return true;
        } catch (IOException e) {
            return false; // a socket left by a killed daemon, or one of another type
        }
    }

    /** Loads the native library. */
    static void load() {
        AFUNIXSelectorProvider.provider();
    }

    @Override
    public boolean receive(NativeBytes request, DatagramPeer sender, long waitMillis) throws IOException {
        if (mayBeWaiting || waitMillis == 0) {
            mayBeWaiting = calls.receive(requestDescriptor, request.bytes(), sender);
            if (mayBeWaiting || waitMillis == 0) {
                return mayBeWaiting;
            }
        }
        if (waitMillis < 0) {
            selector.select();
        } else {
            selector.select(waitMillis);
        }
        if (!key.isReadable()) {
            return false;
        }
        // readable, yet nothing is received: an empty datagram from a client without a name
        mayBeWaiting = calls.receive(requestDescriptor, request.bytes(), sender);
        return true;
    }

    @Override
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public boolean hasRequest() throws IOException {
        selector.selectNow();
        return key.isReadable();
    }

    @Override
    public boolean send(NativeBytes response, DatagramPeer client) throws IOException {
        if (!responseDescriptor.valid()) {
            closeDuplicate(responses);
            responses = duplicate(channel);
            responseDescriptor = responses.getFileDescriptor();
        }
        try {
            return calls.send(responseDescriptor, response.bytes(), client);
        } catch (IOException e) {
            throw new ClientGoneException(client, e);
        }
    }

    @Override
    public boolean isWritable() throws IOException {
        key.interestOps(SelectionKey.OP_WRITE);
        try {
            selector.selectNow();
            return key.isWritable();
        } finally {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    @Override
    public void retire(Path successor) throws IOException {
        channel.connect(AFUNIXSocketAddress.of(successor));
        int grantedBytes = channel.getOption(StandardSocketOptions.SO_SNDBUF);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, grantedBytes / 2 + RESERVE_BYTES);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
            closeDuplicate(responses);
        }
    }

    private static void closeDuplicate(AFUNIXDatagramChannel duplicate) throws IOException {
        FileDescriptor descriptor = duplicate.getFileDescriptor();
        duplicate.close();
        if (descriptor.valid()) {
            // junixsocket leaves the descriptor of a duplicate open, and with it the socket
            new FileOutputStream(descriptor).close();
        }
    }

    private static void limitSendBuffer(AFUNIXDatagramChannel channel, int maxBytes) throws IOException {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, maxBytes);
        // Linux grants twice the size, because it also stores its own data there
        int grantedBytes = channel.getOption(StandardSocketOptions.SO_SNDBUF) / 2;
        channel.setOption(StandardSocketOptions.SO_SNDBUF, Math.max(grantedBytes / 2, grantedBytes - RESERVE_BYTES));
    }

    private static AFUNIXDatagramChannel duplicate(AFUNIXDatagramChannel channel) throws IOException {
        AFUNIXDatagramChannel duplicate =
                FileDescriptorCast.duplicating(channel.getFileDescriptor()).as(AFUNIXDatagramChannel.class);
        duplicate.setDeleteOnClose(false);
        duplicate.setShutdownOnClose(false);
        duplicate.configureBlocking(false);
        return duplicate;
    }
}
