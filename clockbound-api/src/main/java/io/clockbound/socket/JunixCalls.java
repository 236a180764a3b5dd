/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;

/**
 * The two native methods of junixsocket that receive and send a datagram without blocking.
 *
 * <p>They are not public. The public methods above them lose the length of the sender's name, and build an object for each
 * sender by way of a URL encoder and an exception, which costs more than the rest of a response. In junixsocket 2.11.1 they are
 *
 * <pre>{@code
 * int receive(FileDescriptor socket, ByteBuffer datagram, int position, int length,
 *             ByteBuffer sender, int options, AncillaryDataSupport ancillary, int timeoutMillis)
 * int send(FileDescriptor socket, ByteBuffer datagram, int position, int length,
 *          ByteBuffer receiver, int receiverLength, int options, AncillaryDataSupport ancillary)
 * }</pre>
 *
 * <p>Thread-safe.
 */
final class JunixCalls {

    private static final String PACKAGE = "org.newsclub.net.unix.";

    private static final int OPT_NON_BLOCKING = 4;
    private static final int OPT_DATAGRAM = 16;
    private static final int OPTIONS = OPT_DATAGRAM | OPT_NON_BLOCKING;

    private final MethodHandle receive;
    private final MethodHandle send;

    private JunixCalls(MethodHandle receive, MethodHandle send) {
        this.receive = receive;
        this.send = send;
    }

    /**
     * Finds the methods.
     *
     * @throws IOException when this junixsocket does not have them or they are not accessible; the message has the remedy
     * @throws LinkageError when the native library cannot be loaded
     */
    static JunixCalls link() throws IOException {
        try {
            Class<?> calls = Class.forName(PACKAGE + "NativeUnixSocket");
            Class<?> ancillary = Class.forName(PACKAGE + "AncillaryDataSupport");
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(calls, MethodHandles.lookup());
            MethodType datagram =
                    MethodType.methodType(int.class, FileDescriptor.class, ByteBuffer.class, int.class, int.class);
            MethodHandle receive = lookup.findStatic(
                    calls, "receive", datagram.appendParameterTypes(ByteBuffer.class, int.class, ancillary, int.class));
            MethodHandle send = lookup.findStatic(
                    calls, "send", datagram.appendParameterTypes(ByteBuffer.class, int.class, int.class, ancillary));
            return new JunixCalls(
                    MethodHandles.insertArguments(receive, 5, OPTIONS, null, 0),
                    MethodHandles.insertArguments(send, 6, OPTIONS, null));
        } catch (ClassNotFoundException e) {
            throw JunixSockets.missing(e);
        } catch (ReflectiveOperationException e) {
            throw new IOException(
                    "datagrams cannot be served: they need junixsocket 2.11.1, on the class path, not on the module path;"
                            + " fix that, or leave datagram out of --transport (" + e + ")",
                    e);
        }
    }

    /**
     * Receives a datagram, if one is waiting, into the remaining bytes of a direct buffer; a longer one is truncated.
     *
     * @param sender set to the name of the sender
     * @return whether there was one; an empty datagram from a sender without a name counts as none
     */
    boolean receive(FileDescriptor socket, ByteBuffer datagram, DatagramPeer sender) throws IOException {
        int count;
        try {
            count = (int)
                    receive.invokeExact(socket, datagram, datagram.position(), datagram.remaining(), sender.bytes());
        } catch (Throwable e) {
            throw thrown(e);
        }
        sender.measure();
        datagram.position(datagram.position() + Math.max(0, count));
        return count > 0 || !sender.isEmpty();
    }

    /**
     * Sends the remaining bytes of a direct buffer.
     *
     * @return whether there was room for them
     */
    boolean send(FileDescriptor socket, ByteBuffer datagram, DatagramPeer to) throws IOException {
        try {
            return (int) send.invokeExact(
                            socket, datagram, datagram.position(), datagram.remaining(), to.bytes(), to.length())
                    > 0;
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /** Returns or rethrows what a native method threw; its only checked exception is IOException. */
    private static IOException thrown(Throwable e) {
        if (e instanceof IOException failure) {
            return failure;
        }
        if (e instanceof RuntimeException fault) {
            throw fault;
        }
        throw e instanceof Error error ? error : new AssertionError(e);
    }
}
