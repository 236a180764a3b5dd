/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A stream server's socket by {@code java.lang.foreign}, with epoll(7) for the shared connections. */
final class ForeignStreamServerSocket implements StreamServerSocket {

    private static final int MAX_EVENTS = 64;

    /** Of {@code struct epoll_event}, which is packed on amd64 alone: the events, and last the number of the descriptor. */
    private static final int EVENT_BYTES = System.getProperty("os.arch").equals("amd64") ? 12 : 16;

    private static final int EVENT_NUMBER = EVENT_BYTES - Long.BYTES;

    private final ForeignDescriptor descriptor;

    /** The number of the epoll descriptor. */
    private final int epoll;

    /** What an epoll_wait returns; an epoll_ctl takes the first, which {@link #select} has read before it runs a turn. */
    private final NativeBytes events = ForeignCalls.allocate(MAX_EVENTS * EVENT_BYTES);

    /** The turns of the shared connections, by the number of their descriptor. */
    private @Nullable Runnable[] turns = new Runnable[MAX_EVENTS];

    private volatile boolean isWoken;
    private boolean isClosed;

    private ForeignStreamServerSocket(ForeignDescriptor descriptor, int epoll) {
        this.descriptor = descriptor;
        this.epoll = epoll;
        events.bytes().order(ByteOrder.nativeOrder());
    }

    static ForeignStreamServerSocket bind(Path path, int backlog) throws IOException {
        ForeignDescriptor descriptor = ForeignDescriptor.open(ForeignCalls.SOCK_STREAM | ForeignCalls.SOCK_NONBLOCK);
        try {
            descriptor.bind(UnixName.of(path));
            Errno.checked(ForeignCalls.listen(descriptor.number(), backlog));
            int epoll = Errno.checked(ForeignCalls.epollCreate());
            ForeignStreamServerSocket socket = new ForeignStreamServerSocket(descriptor, epoll);
            try {
                socket.control(ForeignCalls.EPOLL_CTL_ADD, descriptor.number(), ForeignCalls.POLLIN);
                return socket;
            } catch (IOException e) {
                int unused = ForeignCalls.close(epoll);
                throw e;
            }
        } catch (IOException e) {
            descriptor.close();
            throw new IOException("cannot bind a socket at " + path, e);
        }
    }

    @Override
    public StreamServerSocket.@Nullable Connection accept() throws IOException {
        int number;
        do {
            number = ForeignCalls.accept(descriptor.number());
        } while (number == -Errno.EINTR);
        if (number == -Errno.EAGAIN || (number < 0 && isWoken)) {
            return null; // after a wake-up, it is shut down, and nobody comes but who waited already
        }
        return new Connection(Errno.checked(number));
    }

    @Override
    public boolean select(long timeoutMillis) throws IOException {
        int timeout = timeoutMillis == 0 ? -1 : (int) Math.min(timeoutMillis, Integer.MAX_VALUE);
        int ready = ForeignCalls.quickEpollWait(epoll, events, MAX_EVENTS, timeout);
        if (ready < 0) { // for a reason that this tells
            ready = ForeignCalls.epollWait(epoll, events, MAX_EVENTS, 0);
        }
        if (ready == -Errno.EINTR) {
            return false;
        }
        Errno.checked(ready);
        boolean isClientWaiting = false;
        for (int i = 0; i < ready; i++) {
            int number = events.bytes().getInt(i * EVENT_BYTES + EVENT_NUMBER);
            if (number == descriptor.number()) {
                isClientWaiting = true;
            } else {
                turns[number].run(); // a turn closes no connection but its own
            }
        }
        return isClientWaiting;
    }

    @Override
    public void setAccepting(boolean isAccepting) throws IOException {
        control(ForeignCalls.EPOLL_CTL_MOD, descriptor.number(), isAccepting ? ForeignCalls.POLLIN : 0);
    }

    @Override
    public synchronized void wakeUp() {
        isWoken = true;
        if (!isClosed) {
            descriptor.shutdown(ForeignCalls.SHUT_RDWR); // which ends a wait for anything
        }
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            int unused = ForeignCalls.close(epoll);
            descriptor.close();
        }
    }

    /** Has epoll wait for events of a descriptor. */
    private void control(int operation, int number, int awaited) throws IOException {
        events.bytes().putInt(0, awaited).putLong(EVENT_NUMBER, number);
        Errno.checked(ForeignCalls.epollControl(epoll, operation, number, events));
    }

    private final class Connection implements StreamServerSocket.Connection {

        /** The number of the descriptor; -1 once it is closed. */
        private int number;

        /** Of its calls, which wait until it is shared. */
        private int flags = ForeignCalls.MSG_NOSIGNAL;

        Connection(int number) {
            this.number = number;
        }

        @Override
        public void share(Runnable turn) throws IOException {
            flags |= ForeignCalls.MSG_DONTWAIT;
            if (number >= turns.length) {
                turns = Arrays.copyOf(turns, 2 * number);
            }
            turns[number] = turn;
            control(ForeignCalls.EPOLL_CTL_ADD, number, ForeignCalls.POLLIN);
        }

        @Override
        public boolean isShared() {
            return (flags & ForeignCalls.MSG_DONTWAIT) != 0;
        }

        @Override
        public void await(int operation) throws IOException {
            int awaited = operation == SelectionKey.OP_READ ? ForeignCalls.POLLIN : ForeignCalls.POLLOUT;
            control(ForeignCalls.EPOLL_CTL_MOD, number, awaited);
        }

        @Override
        public int read(NativeBytes bytes) throws IOException {
            long count = ForeignCalls.quickReceive(number, bytes, flags, null);
            while (count < 0) { // once more, to learn why
                count = ForeignCalls.receive(number, bytes, flags, null);
                if (count == -Errno.EAGAIN) {
                    return 0;
                }
                if (count < 0 && count != -Errno.EINTR) {
                    throw Errno.failure(count);
                }
            }
            bytes.bytes().position(bytes.bytes().position() + (int) count);
            return count == 0 ? -1 : (int) count;
        }

        @Override
        public void write(NativeBytes bytes) throws IOException {
            long count = ForeignCalls.quickSend(number, bytes, flags, null, 0);
            while (count < 0) {
                count = ForeignCalls.send(number, bytes, flags, null, 0);
                if (Errno.isNoRoom(count)) {
                    return;
                }
                if (count < 0 && count != -Errno.EINTR) {
                    throw Errno.failure(count);
                }
            }
            bytes.bytes().position(bytes.bytes().position() + (int) count);
        }

        @Override
        public synchronized void shutdown() {
            if (number >= 0) {
                int unused = ForeignCalls.shutdown(number, ForeignCalls.SHUT_RDWR);
            }
        }

        @Override
        public synchronized void close() {
            if (number >= 0) {
                if (isShared()) {
                    // a close does not do that while a child process, before its exec, has the descriptor too
                    int unused = ForeignCalls.epollControl(epoll, ForeignCalls.EPOLL_CTL_DEL, number, events);
                    turns[number] = null;
                }
                int unused = ForeignCalls.close(number);
                number = -1;
            }
        }
    }
}
