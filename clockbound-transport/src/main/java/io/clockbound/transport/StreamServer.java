/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Serves protocol 1 on a stream socket, with one thread for each connection.
 *
 * <p>A client that stops reading, or stalls in mid-request, blocks only its own thread. The number of connections is limited:
 * beyond the limit, a new client replaces the connection that has been idle longest, if that has been idle for a second.
 */
final class StreamServer implements TransportServer {

    /** Enough for the clients that connect at once after a restart; the kernel allows at most 4 096. */
    private static final int BACKLOG = 1_024;

    /** A connection that has been idle for less is not closed in favour of another. */
    private static final long MIN_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE_MILLIS = 100;

    private final SocketPath<ServerSocketChannel> path;
    private final ServerSocketChannel socket;
    private final Responder responder;
    private final int maxConnections;
    private final LocalClock local;
    private final FailureLimiter failures;
    private final ServerThread thread = new ServerThread("clockbound-stream", this::acceptUntilClosed);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ServerCounters counters = new ServerCounters("turned_away");

    /** Only the accepting thread adds connections; each removes itself when it ends. */
    private final Set<StreamConnection> connections = ConcurrentHashMap.newKeySet();

    /** The buffers of connections that have ended. */
    private final Queue<StreamConnection.Buffers> spareBuffers = new ConcurrentLinkedQueue<>();

    private StreamServer(
            SocketPath<ServerSocketChannel> path,
            ServerSocketChannel socket,
            Responder responder,
            int maxConnections,
            LocalClock local,
            FailureLimiter failures) {
        this.path = path;
        this.socket = socket;
        this.responder = responder;
        this.maxConnections = maxConnections;
        this.local = local;
        this.failures = failures;
    }

    /** Opens the socket and starts to accept. The server closes {@code path}. */
    static StreamServer start(
            SocketPath<ServerSocketChannel> path,
            Responder responder,
            int maxConnections,
            LocalClock local,
            FailureLimiter failures)
            throws IOException {
        try {
            StreamServer server = new StreamServer(path, path.open(), responder, maxConnections, local, failures);
            server.thread.start();
            return server;
        } catch (IOException e) {
            path.close();
            throw e;
        }
    }

    /** Opens a socket at a path that does not exist. */
    static ServerSocketChannel bind(Path path) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            return channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot bind a socket at " + path, e);
        }
    }

    @Override
    public String address() {
        return path.toString();
    }

    @Override
    public Map<String, Object> counts() {
        return counters.read();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            failures.add("close", () -> e);
        }
        thread.awaitEnd();
    }

    private void acceptUntilClosed() {
        try {
            while (closing.getCount() > 0) {
                try {
                    admit(socket.accept());
                } catch (IOException e) {
                    pauseAfter(e);
                }
            }
        } finally {
            release();
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        if (connections.size() >= maxConnections && !makeRoom()) {
            channel.close();
            return;
        }
        StreamConnection.Buffers spare = spareBuffers.poll();
        StreamConnection.Buffers buffers = spare == null ? new StreamConnection.Buffers() : spare;
        StreamConnection connection = new StreamConnection(channel, buffers, responder, counters, local, this::forget);
        connections.add(connection);
        connection.start();
    }

    private void forget(StreamConnection ended) {
        spareBuffers.add(ended.buffers());
        connections.remove(ended);
    }

    /** Closes the connection that has been idle longest; returns false when even that has not been idle for long. */
    private boolean makeRoom() {
        counters.countEvent();
        failures.add(
                "connections",
                () -> new IOException("all " + maxConnections + " connections to " + address()
                        + " are in use, and clients lose theirs or are turned away: find the clients that do not close"
                        + " connections, or allow more with --max-connections"));
        long nowNanos = local.monotonicNanos();
        StreamConnection idlest = connections.stream()
                .max(Comparator.comparingLong(connection -> connection.idleNanos(nowNanos)))
                .orElse(null);
        if (idlest == null) {
            return true; // one has ended just now
        }
        if (idlest.idleNanos(nowNanos) < MIN_IDLE_NANOS) {
            return false;
        }
        connections.remove(idlest);
        close(idlest);
        return true;
    }

    /** Pauses after a failure to accept, such as that of a process which may open no more files. */
    private void pauseAfter(IOException failure) {
        try {
            if (!closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                failures.add("socket", () -> failure);
            }
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    private void release() {
        try (path;
                socket) {
            for (StreamConnection connection : connections) {
                if (close(connection)) {
                    connection.awaitEnd();
                }
            }
        } catch (IOException e) {
            failures.add("close", () -> e);
        }
    }

    /** Closes a connection; reports a failure instead of throwing it, so that the others are closed as well. */
    private boolean close(StreamConnection connection) {
        try {
            connection.close();
            return true;
        } catch (IOException e) {
            failures.add("close", () -> e);
            return false;
        }
    }
}
