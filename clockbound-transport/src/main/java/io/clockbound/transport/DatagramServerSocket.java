/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * A bound, non-blocking datagram socket that no client can make its server lose.
 *
 * <p>junixsocket closes the descriptor on which a send shows that a client is dead. Responses are therefore sent through a
 * second descriptor of the same socket, which is then replaced.
 */
final class DatagramServerSocket implements Closeable {

    /** The part of the send buffer that is kept back for the responses which a socket still owes when it is retired. */
    private static final int RESERVE_BYTES = 64 * 1024;

    /** Asks for a send buffer as large as the kernel allows. */
    static final int LARGEST_SEND_BUFFER = Integer.MAX_VALUE;

    private final AFUNIXDatagramChannel channel;
    private final Selector selector;
    private final DatagramCalls calls;
    private final SelectionKey key;
    private final FileDescriptor requestDescriptor;
    private AFUNIXDatagramChannel responses;
    private FileDescriptor responseDescriptor;

    private DatagramServerSocket(AFUNIXDatagramChannel channel, Selector selector, DatagramCalls calls)
            throws IOException {
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
    static DatagramServerSocket bind(Path path, DatagramCalls calls, int maxSendBufferBytes) throws IOException {
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        Selector selector = null;
        try {
            channel.setDeleteOnClose(false);
            channel.setShutdownOnClose(false);
            channel.configureBlocking(false);
            channel.bind(AFUNIXSocketAddress.of(path));
            limitSendBuffer(channel, maxSendBufferBytes);
            selector = channel.provider().openSelector();
            return new DatagramServerSocket(channel, selector, calls);
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

    /** Waits for a request, a wake-up or the timeout; 0 means no timeout. */
    void await(long timeoutMillis) throws IOException {
        if (timeoutMillis == 0) {
            selector.select(); // junixsocket's select(0) does not wait
        } else {
            selector.select(timeoutMillis);
        }
    }

    void wakeUp() {
        selector.wakeup();
    }

    /** Tells whether the last {@link #await} ended because of a request. */
    boolean isReadable() {
        return key.isReadable();
    }

    /** Tells whether a request is waiting. */
    boolean hasRequest() throws IOException {
        selector.selectNow();
        return key.isReadable();
    }

    /** Receives a request and the name of its sender; false when none is waiting. */
    boolean receive(ByteBuffer request, DatagramPeer sender) throws IOException {
        return calls.receive(requestDescriptor, request, sender);
    }

    /**
     * Sends a response and returns true, or returns false when there is no room for it.
     *
     * @throws ClientGoneException when the client no longer exists, or refuses the response
     */
    boolean send(ByteBuffer response, DatagramPeer client) throws IOException {
        if (!responseDescriptor.valid()) {
            closeDuplicate(responses);
            responses = duplicate(channel);
            responseDescriptor = responses.getFileDescriptor();
        }
        try {
            return calls.send(responseDescriptor, response, client);
        } catch (IOException e) {
            throw new ClientGoneException(client, e);
        }
    }

    /**
     * Tells whether unread responses fill less than a quarter of the send buffer.
     *
     * <p>If so, a response for which there is no room was refused because its client's own queue is full.
     */
    boolean isWritable() throws IOException {
        key.interestOps(SelectionKey.OP_WRITE);
        try {
            selector.selectNow();
            return key.isWritable();
        } finally {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /**
     * Refuses further requests and makes room in the send buffer for the responses to those that are waiting.
     *
     * <p>Linux refuses a datagram to a socket that is connected to another peer. A client connected to this socket therefore
     * gets an error, on which it can act, instead of silence.
     */
    void retire(Path successor) throws IOException {
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

    /** A failure to send a response that is the client's, not the server's. */
    static final class ClientGoneException extends IOException {

        private static final long serialVersionUID = 1;

        private ClientGoneException(DatagramPeer client, IOException cause) {
            super("client " + client + " cannot be answered", cause);
        }
    }
}
