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
 * A bound datagram socket that never blocks and that no client can take away from its server.
 *
 * <p>junixsocket closes the descriptor by which it finds out that a client is dead. So answers go through a second
 * descriptor of the same socket, which is replaced when that happens.
 */
final class DatagramServerSocket implements Closeable {

    /** What is kept back of the send buffer: room for the answers that a socket owes when it is given up. */
    private static final int RESERVE_BYTES = 64 * 1024;

    /** Asks for a send buffer as large as the kernel allows. */
    static final int ALL_THAT_IS_GRANTED = Integer.MAX_VALUE;

    private final AFUNIXDatagramChannel channel;
    private final Selector selector;
    private final DatagramCalls calls;
    private final SelectionKey key;
    private final FileDescriptor requestDescriptor;
    private AFUNIXDatagramChannel answers;
    private FileDescriptor answerDescriptor;

    private DatagramServerSocket(AFUNIXDatagramChannel channel, Selector selector, DatagramCalls calls)
            throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.calls = calls;
        this.key = channel.register(selector, SelectionKey.OP_READ);
        this.requestDescriptor = channel.getFileDescriptor();
        this.answers = duplicate(channel);
        this.answerDescriptor = answers.getFileDescriptor();
    }

    /**
     * Opens a socket at a path that does not exist.
     *
     * @param calls by which it receives and sends
     * @param maxSendBufferBytes the send buffer to ask for; the kernel grants what it allows
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
            return false; // left by a daemon that was killed, or of the other kind
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

    /** Tells whether a request waits. */
    boolean hasRequest() throws IOException {
        selector.selectNow();
        return key.isReadable();
    }

    /** Reads a request and the name of its sender; false when there is none. */
    boolean receive(ByteBuffer request, DatagramPeer sender) throws IOException {
        return calls.receive(requestDescriptor, request, sender);
    }

    /**
     * Sends an answer and returns true, or returns false when there is no room for it.
     *
     * @throws ClientGoneException when the client does not exist any more, or refuses
     */
    boolean send(ByteBuffer answer, DatagramPeer client) throws IOException {
        if (!answerDescriptor.valid()) {
            closeDuplicate(answers);
            answers = duplicate(channel);
            answerDescriptor = answers.getFileDescriptor();
        }
        try {
            return calls.send(answerDescriptor, answer, client);
        } catch (IOException e) {
            throw new ClientGoneException(client, e);
        }
    }

    /**
     * Tells whether unread answers fill less than a quarter of the send buffer.
     *
     * <p>If they do, an answer that finds no room was refused by its client's own queue.
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
     * Lets no further request in and makes room in the send buffer for the answers to those that wait.
     *
     * <p>Linux refuses a datagram to a socket that is connected to another than its sender. So a client connected to this
     * one gets an error, with which it can do something, and not silence.
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
            closeDuplicate(answers);
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
        // Linux grants twice what is asked, for its own use beside the data
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

    /** The failure to send an answer that is not the server's. */
    static final class ClientGoneException extends IOException {

        private static final long serialVersionUID = 1;

        private ClientGoneException(DatagramPeer client, IOException cause) {
            super("client " + client + " cannot be answered", cause);
        }
    }
}
