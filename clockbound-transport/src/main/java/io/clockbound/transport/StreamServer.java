/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.socket.NativeSockets;
import io.clockbound.socket.StreamServerSocket;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Serves protocol 1 on a stream socket, on two threads, however many clients there are.
 *
 * <p>A client that stops reading, or stalls in mid-request, holds up nobody else. One that finds no place among the {@link
 * StreamConnections}, or no descriptor left in this process, is refused: its connection is closed at once.
 */
final class StreamServer implements TransportServer {

    /** Enough for the clients that connect at once after a restart; the kernel allows at most 4 096. */
    static final int BACKLOG = 1_024;

    /** How long the server rests after a client could be neither accepted nor refused, or a select failed. */
    private static final long PAUSE_MILLIS = 100;

    /** A select that only a client or a wake-up ends. */
    private static final long UNTIL_WOKEN = 0;

    private final SocketPath<StreamServerSocket> path;
    private final StreamServerSocket socket;
    private final StreamConnections connections;
    private final int maxConnections;
    private final LocalClock local;
    private final FailureLimiter failures;
    private final ServerThread thread = new ServerThread("clockbound-stream", this::serveUntilClosed);
    private final ServerCounters counters = new ServerCounters("turned_away");

    /** Closed to refuse a client when this process may open no more descriptors, and opened anew. */
    private FileInputStream spareDescriptor;

    private boolean isAccepting = true;
    private long acceptAgainNanos;
    private volatile boolean isClosing;

    private StreamServer(
            SocketPath<StreamServerSocket> path,
            StreamServerSocket socket,
            NativeSockets sockets,
            Responder responder,
            int maxConnections,
            LocalClock local,
            FailureLimiter failures)
            throws IOException {
        this.path = path;
        this.socket = socket;
        this.connections = new StreamConnections(sockets, responder, counters, maxConnections, local, failures);
        this.maxConnections = maxConnections;
        this.local = local;
        this.failures = failures;
        this.spareDescriptor = new FileInputStream("/dev/null");
    }

    /** Opens the socket and starts to serve. The server closes {@code path}. */
    static StreamServer start(
            SocketPath<StreamServerSocket> path,
            NativeSockets sockets,
            Responder responder,
            int maxConnections,
            LocalClock local,
            FailureLimiter failures)
            throws IOException {
        StreamServerSocket socket = null;
        try {
            socket = path.open();
            StreamServer server = new StreamServer(path, socket, sockets, responder, maxConnections, local, failures);
            server.thread.start();
            server.connections.start();
            return server;
        } catch (IOException e) {
            try (path) {
                close(socket);
            }
            throw e;
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

    /** Looks once a poll whether clients can still find the socket. */
    @Override
    public void publish(PollOutcome poll) {
        if (poll.result() != PollOutcome.Result.PENDING) {
            problems().forEach(problem -> failures.add("removed", () -> new IOException(problem)));
        }
    }

    @Override
    public List<String> problems() {
        List<String> removal = path.removal();
        return isClosing ? List.of() : removal; // its end removes the socket, too
    }

    @Override
    public void close() {
        isClosing = true;
        socket.wakeUp();
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
        boolean isClientWaiting = socket.select(isAccepting ? UNTIL_WOKEN : PAUSE_MILLIS);
        if (!isAccepting && local.monotonicNanos() - acceptAgainNanos >= 0) {
            setAccepting(true);
        }
        if (isClientWaiting) {
            accept(); // one for a turn of all connections: those that have a place come before those that want one
        }
    }

    private void setAccepting(boolean isWanted) throws IOException {
        socket.setAccepting(isWanted);
        isAccepting = isWanted;
    }

    private void accept() throws IOException {
        try {
            StreamServerSocket.Connection client = socket.accept();
            if (client == null) {
                return; // it has gone
            }
            if (!connections.isFull()
                    || makeRoom("all " + maxConnections + " connections to " + address()
                            + " are in use, and clients lose theirs or are turned away: find the clients that do not"
                            + " close connections, or allow more with --max-connections")) {
                connections.add(client);
            } else {
                client.close();
            }
        } catch (IOException e) {
            acceptWithoutDescriptor(e);
        }
    }

    /** Takes the descriptor of another connection for the waiting client, or refuses it. */
    private void acceptWithoutDescriptor(IOException failure) throws IOException {
        if (makeRoom("no client of " + address() + " can be accepted (" + failure.getMessage()
                + "), and clients lose their connections or are turned away: allow this process more open files"
                + " (LimitNOFILE= of its unit, ulimit -n)")) {
            return; // the next select frees the descriptor and finds the client still waiting
        }
        try {
            close(spareDescriptor);
            close(socket.accept());
            spareDescriptor = new FileInputStream("/dev/null");
        } catch (IOException e) {
            // others took the descriptor; without the pause each select would return at once
            acceptAgainNanos = local.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
            setAccepting(false);
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
                socket) {
            connections.close();
            close(spareDescriptor);
        } catch (IOException e) {
            failures.add("close", () -> e);
        }
    }

    private static void close(@Nullable Closeable socket) throws IOException {
        if (socket != null) {
            socket.close();
        }
    }
}
