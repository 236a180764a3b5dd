/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** A client's socket by {@code java.lang.foreign}. */
final class ForeignSocket implements UnixDatagramSocket {

    /** How late a wait may notice an interrupt, a wake-up or the end of the socket. */
    private static final long SLICE_MILLIS = 10;

    private static final int FLAGS = ForeignCalls.MSG_DONTWAIT | ForeignCalls.MSG_NOSIGNAL;

    private final ForeignDescriptor descriptor;

    /** What is sent or received; made anew when it is too small. */
    private NativeBytes memory = ForeignCalls.allocate(1024);

    private volatile boolean isWoken;
    private volatile boolean isClosed;
    private int users;

    private ForeignSocket(ForeignDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    static ForeignSocket open() throws IOException {
        return new ForeignSocket(ForeignDescriptor.open(ForeignCalls.SOCK_DGRAM));
    }

    @Override
    public void bind(UnixName own) throws IOException {
        begin();
        try {
            descriptor.bind(own);
        } finally {
            end();
        }
    }

    @Override
    public void connect(UnixName server) throws IOException {
        begin();
        try {
            descriptor.connect(server);
        } finally {
            end();
        }
    }

    @Override
    public boolean send(ByteBuffer datagram) throws IOException {
        begin();
        try {
            long count;
            do {
                count = ForeignCalls.send(descriptor.number(), copied(datagram), FLAGS, null, 0);
            } while (count == -Errno.EINTR);
            return isSent(count, datagram);
        } finally {
            end();
        }
    }

    @Override
    public boolean send(ByteBuffer datagram, UnixName receiver) throws IOException {
        begin();
        try {
            long count;
            do {
                count = descriptor.send(copied(datagram), receiver);
            } while (count == -Errno.EINTR);
            return isSent(count, datagram);
        } finally {
            end();
        }
    }

    private static boolean isSent(long count, ByteBuffer datagram) throws IOException {
        if (Errno.isNoRoom(count)) {
            return false;
        }
        if (count < 0) {
            throw Errno.failure(count);
        }
        datagram.position(datagram.limit());
        return true;
    }

    @Override
    public int receive(ByteBuffer datagram) throws IOException {
        begin();
        try {
            NativeBytes received = room(datagram.remaining());
            long count;
            do {
                count = ForeignCalls.receive(descriptor.number(), received, FLAGS, null);
            } while (count == -Errno.EINTR);
            if (count == -Errno.EAGAIN) {
                return 0;
            }
            if (count < 0) {
                throw Errno.failure(count);
            }
            datagram.put(received.bytes().limit((int) count));
            return (int) count;
        } finally {
            end();
        }
    }

    /** It waits in slices: no other thread can end a call of this one without closing the descriptor under it. */
    @Override
    public boolean await(int operation, long timeoutMillis) throws IOException {
        begin();
        try {
            for (long leftMillis = timeoutMillis; leftMillis > 0; leftMillis -= SLICE_MILLIS) {
                if (isWoken || Thread.currentThread().isInterrupted()) {
                    isWoken = false;
                    return false;
                }
                boolean isReady = descriptor.poll(operation, (int) Math.min(leftMillis, SLICE_MILLIS));
                if (isClosed) {
                    throw new ClosedChannelException();
                }
                if (isReady) {
                    return true;
                }
            }
            return false;
        } finally {
            end();
        }
    }

    @Override
    public void wakeUp() {
        isWoken = true;
    }

    /** Closes the descriptor, or leaves that to the thread that is using it. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            if (users == 0) {
                descriptor.close();
            } else {
                descriptor.shutdown(ForeignCalls.SHUT_RDWR);
            }
        }
    }

    private synchronized void begin() throws ClosedChannelException {
        if (isClosed) {
            throw new ClosedChannelException();
        }
        users++;
    }

    private synchronized void end() {
        users--;
        if (isClosed && users == 0) {
            descriptor.close();
        }
    }

    /** Returns a copy of the remaining bytes of a buffer. */
    private NativeBytes copied(ByteBuffer datagram) {
        NativeBytes copy = room(datagram.remaining());
        copy.bytes().put(datagram.duplicate()).flip();
        return copy;
    }

    private NativeBytes room(int bytes) {
        if (memory.bytes().capacity() < bytes) {
            memory = ForeignCalls.allocate(bytes);
        }
        memory.bytes().clear().limit(bytes);
        return memory;
    }
}
