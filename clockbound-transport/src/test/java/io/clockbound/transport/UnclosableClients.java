/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.socket.NativeBytes;
import io.clockbound.socket.StreamServerSocket;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Accepts the connections of a list, then none. */
final class UnclosableClients implements StreamServerSocket {

    private final Queue<Unclosable> waiting;
    private final CountDownLatch wakeUp = new CountDownLatch(1);

    UnclosableClients(List<Unclosable> connections) {
        waiting = new ConcurrentLinkedQueue<>(connections);
    }

    @Override
    public StreamServerSocket.@Nullable Connection accept() {
        return waiting.poll();
    }

    @Override
    public boolean select(long timeoutMillis) throws IOException {
        if (waiting.isEmpty()) {
            await(wakeUp);
            return false;
        }
        return true;
    }

    @Override
    public void setAccepting(boolean isAccepting) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void wakeUp() {
        wakeUp.countDown();
    }

    @Override
    public void close() {}

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** A connection from which nothing comes, and which fails to close. */
    static final class Unclosable implements StreamServerSocket.Connection {

        final CountDownLatch accepted = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);

        private volatile boolean isShared;

        @Override
        public void share(Runnable turn) {
            isShared = true;
            accepted.countDown();
        }

        @Override
        public boolean isShared() {
            return isShared;
        }

        @Override
        public void await(int operation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(NativeBytes bytes) throws IOException {
            accepted.countDown();
            UnclosableClients.await(closed);
            return -1;
        }

        @Override
        public void write(NativeBytes bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void shutdown() throws IOException {
            close();
        }

        @Override
        public void close() throws IOException {
            closed.countDown();
            throw new IOException("cannot close");
        }
    }
}
