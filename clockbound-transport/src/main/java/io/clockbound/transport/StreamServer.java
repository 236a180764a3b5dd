/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves protocol 1 on a stream socket, on two threads, however many clients there are.
 *
 * <p>A client that stops reading, or stalls in mid-request, holds up nobody else. One that finds no place among the {@link
 * StreamConnections}, or no descriptor left in this process, is refused: its connection is closed at once.
 */
final class StreamServer implements TransportServer {

    /** Enough for the clients that connect at once after a restart; the kernel allows at most 4 096. */
    private static final int BACKLOG = 1_024;

    /** How long the server rests after a client could be neither accepted nor refused, or a select failed. */
    private static final long PAUSE_MILLIS = 100;

    private final SocketPath<ServerSocketChannel> path;
    private final ServerSocketChannel socket;
    private final Selector selector;
    private final SelectionKey accepting;
    private final StreamConnections connections;
    private final int maxConnections;
    private final LocalClock local;
    private final FailureLimiter failures;
    private final ServerThread thread = new ServerThread("clockbound-stream", this::serveUntilClosed);
    private final ServerCounters counters = new ServerCounters("turned_away");

    /** Made once, so that a turn allocates nothing. */
    private final Consumer<SelectionKey> turn = this::takeTurn;

    /** Closed to refuse a client when this process may open no more descriptors, and opened anew. */
    private SocketChannel spareDescriptor;

    private boolean isClientWaiting;
    private long acceptAgainNanos;
    private volatile boolean isClosing;

    private StreamServer(
            SocketPath<ServerSocketChannel> path,
            ServerSocketChannel socket,
            Selector selector,
            Responder responder,
            int maxConnections,
            LocalClock local,
            FailureLimiter failures)
            throws IOException {
        this.path = path;
        this.socket = socket;
        this.selector = selector;
        this.accepting = socket.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        this.connections = new StreamConnections(selector, responder, counters, maxConnections, local, failures);
        this.maxConnections = maxConnections;
        this.local = local;
        this.failures = failures;
        this.spareDescriptor = SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    /** Opens the socket and starts to serve. The server closes {@code path}. */
    static StreamServer start(
            SocketPath<ServerSocketChannel> path,
            Responder responder,
            int maxConnections,
            LocalClock local,
            FailureLimiter failures)
            throws IOException {
        ServerSocketChannel socket = null;
        Selector selector = null;
        try {
            socket = path.open();
            selector = socket.provider().openSelector();
            StreamServer server = new StreamServer(path, socket, selector, responder, maxConnections, local, failures);
            server.thread.start();
            server.connections.start();
            return server;
        } catch (IOException e) {
            try (path) {
                if (selector != null) {
                    selector.close();
                }
                if (socket != null) {
                    socket.close();
                }
            }
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
        isClosing = true;
        selector.wakeup();
        thread.awaitEnd();
    }

    private void serveUntilClosed() {
        try {
            while (!isClosing) {
                try {
                    serve();
                } catch (IOException e) {
                    failures.add("select", () -> e);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
                }
            }
        } finally {
            release();
        }
    }

    private void serve() throws IOException {
        if (accepting.interestOps() != 0) {
            selector.select(turn);
        } else {
            selector.select(turn, PAUSE_MILLIS);
            if (local.monotonicNanos() - acceptAgainNanos >= 0) {
                accepting.interestOps(SelectionKey.OP_ACCEPT);
            }
        }
        if (isClientWaiting) {
            isClientWaiting = false;
            accept(); // one for a turn of all connections: those that have a place come before those that want one
        }
    }

    private void takeTurn(SelectionKey key) {
        if (key == accepting) {
            isClientWaiting = true;
        } else {
            connections.takeTurn(key);
        }
    }

    private void accept() {
        try {
            SocketChannel channel = socket.accept();
            if (channel == null) {
                return; // it has gone
            }
            if (!connections.isFull()
                    || makeRoom("all " + maxConnections + " connections to " + address()
                            + " are in use, and clients lose theirs or are turned away: find the clients that do not"
                            + " close connections, or allow more with --max-connections")) {
                connections.add(channel);
            } else {
                channel.close();
            }
        } catch (IOException e) {
            acceptWithoutDescriptor(e);
        }
    }

    /** Takes the descriptor of another connection for the waiting client, or refuses it. */
    private void acceptWithoutDescriptor(IOException failure) {
        if (makeRoom("no client of " + address() + " can be accepted (" + failure.getMessage()
                + "), and clients lose their connections or are turned away: allow this process more open files"
                + " (LimitNOFILE= of its unit, ulimit -n)")) {
            return; // the next select frees the descriptor and finds the client still waiting
        }
        try {
            close(spareDescriptor);
            close(socket.accept());
            spareDescriptor = SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            // others took the descriptor; without the pause each select would return at once
            acceptAgainNanos = local.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
            accepting.interestOps(0);
        }
    }

    /** Makes room for a client, or counts it as turned away; either is reported. */
    private boolean makeRoom(String problem) {
        counters.countEvent();
        failures.add(problem, () -> new IOException(problem));
        return connections.makeRoom();
    }

    private void release() {
        try (path;
                selector;
                socket) {
            connections.close();
            close(spareDescriptor);
        } catch (IOException e) {
            failures.add("close", () -> e);
        }
    }

    private static void close(@Nullable SocketChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
