/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamServerCloseTest {

    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    @Test
    void aConnectionThatFailsToCloseLeavesNoOtherOpen() throws Exception {
        List<Connection> connections = List.of(new Connection(), new Connection(), new Connection());
        Listening listening = new Listening(connections);
        SocketSettings settings = SocketSettings.DEFAULT.with("stream", Map.of("run-dir", directory.toString()));
        LocalClock local = LocalClock.system();
        FailureLimiter limiter = new FailureLimiter(local, failures::add);
        SettableClock clock = SettableClock.at(1_000, 2_000, ClockStatus.SYNCHRONIZED);
        TransportServer server = StreamServer.start(
                SocketPath.claim(settings, "stream", StreamTransport.SOCKET, place -> {
                    StreamServer.bind(place).close(); // the file stays
                    return listening;
                }),
                new Responder(clock, () -> "{}", limiter),
                connections.size(),
                local,
                limiter);
        for (Connection connection : connections) {
            connection.reading.await();
        }
        server.close();
        for (Connection connection : connections) {
            connection.closed.await();
        }
        assertThat(failures).singleElement().asString().contains("cannot close");
    }

    /** Accepts the connections of a list, then none until it is closed. */
    private static final class Listening extends ServerSocketChannel {

        private final Queue<Connection> waiting;
        private final CountDownLatch closed = new CountDownLatch(1);

        private Listening(List<Connection> connections) {
            super(SelectorProvider.provider());
            waiting = new ConcurrentLinkedQueue<>(connections);
        }

        @Override
        public SocketChannel accept() throws IOException {
            Connection next = waiting.poll();
            if (next != null) {
                return next;
            }
            await(closed);
            throw new AsynchronousCloseException();
        }

        @Override
        protected void implCloseSelectableChannel() {
            closed.countDown();
        }

        @Override
        public ServerSocketChannel bind(SocketAddress local, int backlog) {
            return this;
        }

        @Override
        public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
            return this;
        }

        @Override
        public <T> T getOption(SocketOption<T> name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return Set.of();
        }

        @Override
        public ServerSocket socket() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SocketAddress getLocalAddress() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void implConfigureBlocking(boolean block) {
            throw new UnsupportedOperationException();
        }
    }

    /** A connection from which nothing comes until it is closed, which fails. */
    private static final class Connection extends SocketChannel {

        private final CountDownLatch reading = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);

        private Connection() {
            super(SelectorProvider.provider());
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            reading.countDown();
            await(closed);
            throw new AsynchronousCloseException();
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            closed.countDown();
            throw new IOException("cannot close");
        }

        @Override
        public long read(ByteBuffer[] bytes, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] bytes, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SocketChannel bind(SocketAddress local) {
            return this;
        }

        @Override
        public <T> SocketChannel setOption(SocketOption<T> name, T value) {
            return this;
        }

        @Override
        public <T> T getOption(SocketOption<T> name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return Set.of();
        }

        @Override
        public SocketChannel shutdownInput() {
            return this;
        }

        @Override
        public SocketChannel shutdownOutput() {
            return this;
        }

        @Override
        public Socket socket() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public boolean isConnectionPending() {
            return false;
        }

        @Override
        public boolean connect(SocketAddress remote) {
            return true;
        }

        @Override
        public boolean finishConnect() {
            return true;
        }

        @Override
        public SocketAddress getRemoteAddress() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SocketAddress getLocalAddress() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void implConfigureBlocking(boolean block) {
            throw new UnsupportedOperationException();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
