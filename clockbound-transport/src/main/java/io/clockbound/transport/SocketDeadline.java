/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;

/** Waits, with a deadline, until a non-blocking socket is ready. */
final class SocketDeadline implements Closeable {

    private final Readiness readiness;
    private final LocalClock local;

    SocketDeadline(Readiness readiness, LocalClock local) {
        this.readiness = readiness;
        this.local = local;
    }

    /** Writes all of the bytes. */
    void write(ByteChannel channel, ByteBuffer bytes, long deadlineNanos) throws IOException {
        while (channel.write(bytes) == 0 || bytes.hasRemaining()) {
            awaitWritable(deadlineNanos);
        }
    }

    /** Waits until there is room to write. */
    void awaitWritable(long deadlineNanos) throws IOException {
        await(SelectionKey.OP_WRITE, deadlineNanos);
    }

    /** Waits until the channel can be read. */
    void awaitReadable(long deadlineNanos) throws IOException {
        await(SelectionKey.OP_READ, deadlineNanos);
    }

    @Override
    public void close() throws IOException {
        readiness.close();
    }

    private void await(int operation, long deadlineNanos) throws IOException {
        while (true) {
            long leftNanos = deadlineNanos - local.monotonicNanos();
            if (leftNanos <= 0) {
                throw new SocketTimeoutException(
                        "no response in time: clockboundd hangs, is overloaded or was stopped by a signal; restart it");
            }
            if (VirtualThreadWait.await(readiness, operation, TimeUnit.NANOSECONDS.toMillis(leftNanos) + 1)) {
                return;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while waiting for the response");
            }
        }
    }
}
