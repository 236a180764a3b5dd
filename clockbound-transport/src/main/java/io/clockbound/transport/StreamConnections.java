/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import io.clockbound.socket.NativeSockets;
import io.clockbound.socket.StreamServerSocket;
import java.io.Closeable;
import java.io.IOException;
import java.util.Comparator;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * The connections of a stream server, whose number is limited, and the thread that one of them has to itself.
 *
 * <p>A thread that waits for one client alone makes two system calls for a request. One that waits for many has to be told
 * first which of them sent something: that call is a tenth of its work, and more where the client runs on another processor. So
 * whoever connects while the single thread is free gets that, and all others share the server's. Both threads are there from
 * the start: no client can make the process ask for a thread, which the system may refuse.
 *
 * <p>Beyond the limit, a new client replaces the connection that has been idle longest, if that has been idle for a second.
 */
final class StreamConnections {

    /** A connection that has been idle for less is not closed in favour of another. */
    private static final long MIN_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final NativeSockets sockets;
    private final Responder responder;
    private final ServerCounters counters;
    private final int max;
    private final LocalClock local;
    private final FailureLimiter failures;

    private final Set<StreamConnection> open = ConcurrentHashMap.newKeySet();

    /** The buffers of connections that have ended. */
    private final Queue<StreamConnection.Buffers> spareBuffers = new ConcurrentLinkedQueue<>();

    private final ServerThread single = new ServerThread("clockbound-stream-single", this::serveSingleConnections);

    /** Takes a connection only when the single thread has none. */
    private final SynchronousQueue<StreamConnection> free = new SynchronousQueue<>();

    private volatile boolean isClosing;

    StreamConnections(
            NativeSockets sockets,
            Responder responder,
            ServerCounters counters,
            int max,
            LocalClock local,
            FailureLimiter failures) {
        this.sockets = sockets;
        this.responder = responder;
        this.counters = counters;
        this.max = max;
        this.local = local;
        this.failures = failures;
    }

    /** Starts the single thread; without it the connections share the other. */
    void start() {
        try {
            single.start();
        } catch (IOException e) {
            failures.add("thread", () -> e);
        }
    }

    boolean isFull() {
        return open.size() >= max;
    }

    /** Takes a client in. */
    void add(StreamServerSocket.Connection socket) throws IOException {
        StreamConnection.Buffers spare = spareBuffers.poll();
        StreamConnection.Buffers buffers = spare == null ? StreamConnection.Buffers.allocate(sockets) : spare;
        StreamConnection connection = new StreamConnection(socket, buffers, responder, counters, local);
        open.add(connection);
        if (!free.offer(connection)) {
            share(connection);
        }
    }

    private void share(StreamConnection connection) throws IOException {
        try {
            connection.socket().share(() -> takeTurn(connection));
        } catch (IOException e) {
            end(connection);
            throw e;
        }
    }

    /** Lets a shared connection take its turn, and ends it when it is over. */
    private void takeTurn(StreamConnection connection) {
        int before = connection.awaited();
        try {
            int awaited = connection.takeTurn();
            if (awaited == StreamConnection.NOTHING) {
                end(connection);
            } else if (awaited != before) {
                connection.socket().await(awaited);
            }
        } catch (IOException e) {
            end(connection); // the client has gone during a request or a response, which is no failure
        }
    }

    private void serveSingleConnections() {
        while (!isClosing) {
            try {
                serve(free.take());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void serve(StreamConnection connection) {
        try {
            while (connection.takeTurn() != StreamConnection.NOTHING) {
                // it is not shared, so a turn waits
            }
        } catch (IOException e) {
            // the client has gone during a request or a response, or this server closes; neither is a failure
        }
        end(connection);
    }

    /** Ends the connection that has been idle longest; returns false when even that has not been idle for long. */
    boolean makeRoom() {
        long nowNanos = local.monotonicNanos();
        StreamConnection idlest = open.stream()
                .max(Comparator.comparingLong(connection -> connection.idleNanos(nowNanos)))
                .orElse(null);
        if (idlest == null) {
            return true; // one has ended just now
        }
        if (idlest.idleNanos(nowNanos) < MIN_IDLE_NANOS) {
            return false;
        }
        endAny(idlest);
        return true;
    }

    void close() {
        isClosing = true;
        open.forEach(this::endAny);
        single.interrupt();
        single.awaitEnd();
    }

    /** Ends a connection, whose thread does the rest if that is the single one; on the thread of all others. */
    private void endAny(StreamConnection connection) {
        if (connection.socket().isShared()) {
            end(connection);
        } else {
            open.remove(connection);
            reporting(connection.socket()::shutdown);
        }
    }

    /** Ends a connection; on the thread that serves it. */
    private void end(StreamConnection connection) {
        open.remove(connection); // before the client sees the end, because it may then connect again at once
        reporting(connection.socket());
        spareBuffers.add(connection.buffers());
    }

    /** Reports a failure to close instead of throwing it, so that the others are closed as well. */
    private void reporting(Closeable end) {
        try {
            end.close();
        } catch (IOException e) {
            failures.add("close", () -> e);
        }
    }
}
