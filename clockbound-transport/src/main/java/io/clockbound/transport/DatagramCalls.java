/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;

/**
 * The two calls into the kernel by which a server receives and answers datagrams without blocking.
 *
 * <p>They are junixsocket's own, under its public methods. Those make an object of the name of each sender, by way of a URL
 * encoder and of an exception for the host that has no such name, which takes longer than all the rest of an answer; and they
 * lose the length of the name.
 */
final class DatagramCalls {

    private static final String PACKAGE = "org.newsclub.net.unix.";

    /** Datagram mode and non-blocking mode, as junixsocket counts them. */
    private static final int OPTIONS = 16 | 4;

    private static final MethodHandle RECEIVE;
    private static final MethodHandle SEND;

    static {
        try {
            Class<?> calls = Class.forName(PACKAGE + "NativeUnixSocket");
            Class<?> ancillary = Class.forName(PACKAGE + "AncillaryDataSupport");
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(calls, MethodHandles.lookup());
            MethodType receive = MethodType.methodType(
                    int.class,
                    FileDescriptor.class,
                    ByteBuffer.class,
                    int.class,
                    int.class,
                    ByteBuffer.class,
                    int.class,
                    ancillary,
                    int.class);
            MethodType send = receive.dropParameterTypes(6, 8).appendParameterTypes(int.class, ancillary);
            RECEIVE = MethodHandles.insertArguments(lookup.findStatic(calls, "receive", receive), 5, OPTIONS, null, 0);
            SEND = MethodHandles.insertArguments(lookup.findStatic(calls, "send", send), 6, OPTIONS, null);
        } catch (ReflectiveOperationException e) {
            throw new IncompatibleClassChangeError(
                    "junixsocket has to be of version 2.11.1, and on the class path: " + e);
        }
    }

    private DatagramCalls() {}

    /**
     * Receives a datagram, if there is one, into the remaining bytes of a direct buffer; what is longer is cut.
     *
     * @param sender takes the name of its sender
     * @return whether there was one; not for one without bytes of a sender without a name
     */
    static boolean receive(FileDescriptor socket, ByteBuffer datagram, DatagramPeer sender) throws IOException {
        int count;
        try {
            count = (int)
                    RECEIVE.invokeExact(socket, datagram, datagram.position(), datagram.remaining(), sender.bytes());
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
    static boolean send(FileDescriptor socket, ByteBuffer datagram, DatagramPeer to) throws IOException {
        try {
            return (int) SEND.invokeExact(
                            socket, datagram, datagram.position(), datagram.remaining(), to.bytes(), to.length())
                    > 0;
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /** Throws what a native method threw, which is nothing checked but an IOException. */
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
