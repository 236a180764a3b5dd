/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/** Waits, with a deadline, until a non-blocking channel is ready. */
final class SocketDeadline implements Closeable {

    private final Selector selector;
    private final SelectionKey key;
    private final LocalClock local;

    private SocketDeadline(Selector selector, SelectionKey key, LocalClock local) {
        this.selector = selector;
        this.key = key;
        this.local = local;
    }

    static SocketDeadline of(SelectableChannel channel, LocalClock local) throws IOException {
        Selector selector = channel.provider().openSelector();
        return new SocketDeadline(selector, channel.register(selector, 0), local);
    }

    /** Writes all of the bytes. */
    void write(ByteChannel channel, ByteBuffer bytes, long deadlineNanos) throws IOException {
        while (channel.write(bytes) == 0 || bytes.hasRemaining()) {
            await(SelectionKey.OP_WRITE, deadlineNanos);
        }
    }

    /** Waits until the channel can be read. */
    void awaitReadable(long deadlineNanos) throws IOException {
        await(SelectionKey.OP_READ, deadlineNanos);
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }

    private void await(int operation, long deadlineNanos) throws IOException {
        key.interestOps(operation);
        while (true) {
            long leftNanos = deadlineNanos - local.monotonicNanos();
            if (leftNanos <= 0) {
                throw new SocketTimeoutException("no response in time");
            }
            int ready = VirtualThreadWait.select(selector, TimeUnit.NANOSECONDS.toMillis(leftNanos) + 1);
            selector.selectedKeys().clear();
            if (ready > 0) {
                return;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while waiting for the response");
            }
        }
    }
}
