/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;

/**
 * A descriptor of a Unix socket, and the memory that its calls need.
 *
 * <p>For one thread at a time. Who has it must not close it while another thread uses it: the number may then belong to
 * another file already.
 */
final class ForeignDescriptor {

    private static final int FAMILY_BYTES = 2;

    /** Of {@code struct pollfd}: the descriptor, the events waited for, and those that came. */
    private static final int POLL_BYTES = 8;

    private static final int POLL_EVENTS = 4;

    /** The number; -1 once it is closed, so that no call can reach the next file with the same number. */
    private int number;

    /** The name for a bind or connect, the value of an option, or the {@code struct pollfd}: one after another. */
    private final NativeBytes scratch = ForeignCalls.allocate(FAMILY_BYTES + UnixName.MAX_BYTES + POLL_BYTES);

    private ForeignDescriptor(int number) {
        this.number = number;
        scratch.bytes().order(ByteOrder.nativeOrder());
    }

    /** Opens a socket of a type, such as {@link ForeignCalls#SOCK_DGRAM}. */
    static ForeignDescriptor open(int type) throws SocketException {
        return new ForeignDescriptor(Errno.checked(ForeignCalls.socket(type | ForeignCalls.SOCK_CLOEXEC)));
    }

    int number() {
        return number;
    }

    void bind(UnixName name) throws IOException {
        int length = write(name);
        Errno.checked(ForeignCalls.bind(number, scratch, length));
    }

    void connect(UnixName name) throws IOException {
        int length = write(name);
        int result;
        do {
            result = ForeignCalls.connect(number, scratch, length);
        } while (result == -Errno.EINTR);
        Errno.checked(result);
    }

    /** Sends the remaining bytes of a buffer to a name. */
    long send(NativeBytes datagram, UnixName name) {
        int nameLength = write(name);
        int flags = ForeignCalls.MSG_DONTWAIT | ForeignCalls.MSG_NOSIGNAL;
        return ForeignCalls.send(number, datagram, flags, scratch, nameLength);
    }

    /** Returns the size of the send buffer, of which Linux uses half for its own data. */
    int sendBufferBytes() throws SocketException {
        scratch.bytes().putInt(Integer.BYTES, Integer.BYTES);
        Errno.checked(ForeignCalls.getOption(number, ForeignCalls.SO_SNDBUF, scratch));
        return scratch.bytes().getInt(0);
    }

    /** Asks for a send buffer of a size. */
    void setSendBufferBytes(int wanted) throws SocketException {
        scratch.bytes().putInt(0, wanted);
        Errno.checked(ForeignCalls.setOption(number, ForeignCalls.SO_SNDBUF, scratch));
    }

    /**
     * Waits until the socket is ready or failed; returns early after a signal.
     *
     * @param operation of {@link SelectionKey}
     * @param timeoutMillis 0 to look only
     */
    boolean poll(int operation, int timeoutMillis) throws SocketException {
        scratch.bytes()
                .putInt(0, number)
                .putInt(POLL_EVENTS, operation == SelectionKey.OP_READ ? ForeignCalls.POLLIN : ForeignCalls.POLLOUT);
        int ready = ForeignCalls.poll(scratch, timeoutMillis);
        return Errno.checked(ready == -Errno.EINTR ? 0 : ready) > 0;
    }

    /** Has all calls on it, of whichever thread, return at once; for any thread while it is open. */
    void shutdown(int how) {
        int unused = ForeignCalls.shutdown(number, how); // a socket without a peer is shut down too, and says otherwise
    }

    void close() {
        int unused = ForeignCalls.close(number); // whatever it returns, Linux has released the number
        number = -1;
    }

    /** Writes a name as {@code struct sockaddr_un} and returns its length. */
    private int write(UnixName name) {
        byte[] bytes = name.bytes();
        ByteBuffer memory = scratch.bytes().clear();
        memory.putShort((short) ForeignCalls.AF_UNIX).put(bytes).put((byte) 0);
        boolean isPath = bytes[0] != 0;
        return FAMILY_BYTES + bytes.length + (isPath ? 1 : 0);
    }
}
