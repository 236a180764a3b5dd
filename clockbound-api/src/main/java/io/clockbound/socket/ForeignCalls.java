/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the C library for sockets, called by {@code java.lang.foreign}, which Java has since 22.
 *
 * <p>{@link ForeignLinking} makes the method handles, once; a call is then as fast as any other. Pointers and integers are longs.
 *
 * <p>Functions return what Linux does: a negative number is the error, such as {@link Errno#EAGAIN}, negated. Thread-safe.
 */
final class ForeignCalls {

    static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int SHUT_RD = 0;
    static final int SHUT_RDWR = 2;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;

    /** These are the events of epoll, too. */
    static final short POLLIN = 1;

    static final short POLLOUT = 4;

    /** The memory into which a call puts its error, as the buffer and as the segment of this thread. */
    private static final ThreadLocal<ErrorNumber> ERROR_NUMBER = ThreadLocal.withInitial(ErrorNumber::allocate);

    private static final MethodHandle OF_BUFFER;
    private static final MethodHandle ADDRESS;

    private static final MethodHandle SOCKET;
    private static final MethodHandle BIND;
    private static final MethodHandle CONNECT;
    private static final MethodHandle GETSOCKOPT;
    private static final MethodHandle SETSOCKOPT;
    private static final MethodHandle POLL;
    private static final MethodHandle LISTEN;
    private static final MethodHandle ACCEPT;
    private static final MethodHandle EPOLL_CREATE;
    private static final MethodHandle EPOLL_CTL;
    private static final MethodHandle EPOLL_WAIT;
    private static final MethodHandle SHUTDOWN;
    private static final MethodHandle CLOSE;
    private static final MethodHandle RECVFROM;
    private static final MethodHandle SENDTO;

    /** These lose the error, and take 40 ns less each. */
    private static final MethodHandle QUICK_RECVFROM;

    private static final MethodHandle QUICK_SENDTO;
    private static final MethodHandle QUICK_EPOLL_WAIT;

    static {
        try {
            Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            OF_BUFFER = lookup.findStatic(segment, "ofBuffer", MethodType.methodType(segment, Buffer.class))
                    .asType(MethodType.methodType(Object.class, Buffer.class));
            ADDRESS = lookup.findVirtual(segment, "address", MethodType.methodType(long.class))
                    .asType(MethodType.methodType(long.class, Object.class));
            ForeignLinking linking = ForeignLinking.begin();
            SOCKET = linking.function("socket");
            BIND = linking.function("bind");
            CONNECT = linking.function("connect");
            GETSOCKOPT = linking.function("getsockopt");
            SETSOCKOPT = linking.function("setsockopt");
            POLL = linking.function("poll");
            LISTEN = linking.function("listen");
            ACCEPT = linking.function("accept4");
            EPOLL_CREATE = linking.function("epoll_create1");
            EPOLL_CTL = linking.function("epoll_ctl");
            EPOLL_WAIT = linking.function("epoll_wait");
            SHUTDOWN = linking.function("shutdown");
            CLOSE = linking.function("close");
            RECVFROM = linking.function("recvfrom");
            SENDTO = linking.function("sendto");
            QUICK_RECVFROM = linking.quickFunction("recvfrom");
            QUICK_SENDTO = linking.quickFunction("sendto");
            QUICK_EPOLL_WAIT = linking.quickFunction("epoll_wait");
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.lang.foreign does not give access to the functions for sockets", e);
        }
    }

    private ForeignCalls() {}

    /** Makes the handles, unless they are made. */
    static void link() {
        // the class is initialised by now
    }

    /** Returns memory whose address is known. */
    static NativeBytes allocate(int capacity) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(capacity);
        try {
            return new NativeBytes(bytes, (long) ADDRESS.invokeExact((Object) OF_BUFFER.invokeExact((Buffer) bytes)));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int socket(int type) {
        return call(SOCKET, AF_UNIX, type, 0, 0, 0, null);
    }

    static int bind(int socket, NativeBytes name, int nameLength) {
        return call(BIND, socket, name.address(), nameLength, 0, 0, name);
    }

    static int connect(int socket, NativeBytes name, int nameLength) {
        return call(CONNECT, socket, name.address(), nameLength, 0, 0, name);
    }

    /** Gets an option that is an int, into the first four bytes of a memory whose next four have its size. */
    static int getOption(int socket, int option, NativeBytes memory) {
        long value = memory.address();
        return call(GETSOCKOPT, socket, SOL_SOCKET, option, value, value + Integer.BYTES, memory);
    }

    /** Sets an option to the int in the first four bytes of a memory. */
    static int setOption(int socket, int option, NativeBytes memory) {
        return call(SETSOCKOPT, socket, SOL_SOCKET, option, memory.address(), Integer.BYTES, memory);
    }

    /** Waits for the one socket of a {@code struct pollfd}. */
    static int poll(NativeBytes pollfd, int timeoutMillis) {
        return call(POLL, pollfd.address(), 1, timeoutMillis, 0, 0, pollfd);
    }

    static int listen(int socket, int backlog) {
        return call(LISTEN, socket, backlog, 0, 0, 0, null);
    }

    /** Accepts a client whose name is of no interest. */
    static int accept(int socket) {
        return call(ACCEPT, socket, 0, 0, SOCK_CLOEXEC, 0, null);
    }

    static int epollCreate() {
        return call(EPOLL_CREATE, SOCK_CLOEXEC, 0, 0, 0, 0, null); // EPOLL_CLOEXEC is the same number
    }

    static int epollControl(int epoll, int operation, int descriptor, NativeBytes event) {
        return call(EPOLL_CTL, epoll, operation, descriptor, event.address(), 0, event);
    }

    static int epollWait(int epoll, NativeBytes events, int maxEvents, int timeoutMillis) {
        return call(EPOLL_WAIT, epoll, events.address(), maxEvents, timeoutMillis, 0, events);
    }

    static int shutdown(int socket, int how) {
        return call(SHUTDOWN, socket, how, 0, 0, 0, null);
    }

    static int close(int socket) {
        return call(CLOSE, socket, 0, 0, 0, 0, null);
    }

    /** Receives into the remaining bytes of a buffer, whose position stays; the name of the sender if it is wanted. */
    static long receive(int socket, NativeBytes datagram, int flags, @Nullable DatagramPeer sender) {
        ErrorNumber error = ERROR_NUMBER.get();
        long name = sender == null ? 0 : sender.address();
        long nameLength = sender == null ? 0 : sender.lengthAddress();
        try {
            long count = (long) RECVFROM.invokeExact(
                    error.segment, (long) socket, start(datagram), length(datagram), (long) flags, name, nameLength);
            return count < 0 ? -error.bytes.getInt(0) : count;
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            Reference.reachabilityFence(datagram);
            Reference.reachabilityFence(sender);
        }
    }

    /** Sends the remaining bytes of a buffer to a name; without one, to the socket to which this one is connected. */
    static long send(int socket, NativeBytes datagram, int flags, @Nullable NativeBytes name, int nameLength) {
        ErrorNumber error = ERROR_NUMBER.get();
        long receiver = name == null ? 0 : name.address();
        try {
            long count = (long) SENDTO.invokeExact(
                    error.segment, (long) socket, start(datagram), length(datagram), (long) flags, receiver, (long)
                            nameLength);
            return count < 0 ? -error.bytes.getInt(0) : count;
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            Reference.reachabilityFence(datagram);
            Reference.reachabilityFence(name);
        }
    }

    /** Receives as {@link #receive}; -1 is any error. */
    static long quickReceive(int socket, NativeBytes datagram, int flags, @Nullable DatagramPeer sender) {
        long name = sender == null ? 0 : sender.address();
        long nameLength = sender == null ? 0 : sender.lengthAddress();
        try {
            return (long) QUICK_RECVFROM.invokeExact(
                    (long) socket, start(datagram), length(datagram), (long) flags, name, nameLength);
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            Reference.reachabilityFence(datagram);
            Reference.reachabilityFence(sender);
        }
    }

    /** Sends as {@link #send}; -1 is any error. */
    static long quickSend(int socket, NativeBytes datagram, int flags, @Nullable NativeBytes name, int nameLength) {
        long receiver = name == null ? 0 : name.address();
        try {
            return (long) QUICK_SENDTO.invokeExact(
                    (long) socket, start(datagram), length(datagram), (long) flags, receiver, (long) nameLength);
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            Reference.reachabilityFence(datagram);
            Reference.reachabilityFence(name);
        }
    }

    /** Waits as {@link #epollWait}; -1 is any error. */
    static int quickEpollWait(int epoll, NativeBytes events, int maxEvents, int timeoutMillis) {
        try {
            return (int) (long) QUICK_EPOLL_WAIT.invokeExact(
                    (long) epoll, events.address(), (long) maxEvents, (long) timeoutMillis, 0L, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            Reference.reachabilityFence(events);
        }
    }

    private static long start(NativeBytes datagram) {
        return datagram.address() + datagram.bytes().position();
    }

    private static long length(NativeBytes datagram) {
        return datagram.bytes().remaining();
    }

    /**
     * Calls a function that returns an int; what is above its 32 bits means nothing.
     *
     * @param memory what the arguments point to, which the collector must not take meanwhile
     */
    private static int call(
            MethodHandle function, long a, long b, long c, long d, long e, @Nullable NativeBytes memory) {
        ErrorNumber error = ERROR_NUMBER.get();
        try {
            int result = (int) (long) function.invokeExact(error.segment, a, b, c, d, e, 0L);
            return result < 0 ? -error.bytes.getInt(0) : result;
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** Rethrows what a call threw, which can be no checked exception. */
    private static Error unexpected(Throwable thrown) {
        if (thrown instanceof RuntimeException fault) {
            throw fault;
        }
        throw thrown instanceof Error error ? error : new AssertionError(thrown);
    }

    /** Room for the error of a call. */
    private record ErrorNumber(ByteBuffer bytes, Object segment) {

        static ErrorNumber allocate() {
            ByteBuffer bytes = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
            try {
                return new ErrorNumber(bytes, (Object) OF_BUFFER.invokeExact((Buffer) bytes));
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }
    }
}
