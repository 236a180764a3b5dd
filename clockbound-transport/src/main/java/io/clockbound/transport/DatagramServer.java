/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedReading;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.socket.DatagramPeer;
import io.clockbound.socket.DatagramServerSocket;
import io.clockbound.socket.NativeBytes;
import io.clockbound.socket.NativeSockets;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Serves protocol 1 on a datagram socket, on one thread that never waits for a client. */
final class DatagramServer implements TransportServer {

    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RENEWAL_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A wait that only a request or a wake-up ends. */
    private static final long UNTIL_WOKEN = -1;

    private final SocketPath<DatagramServerSocket> path;
    private final Responder responder;
    private final LocalClock local;
    private final FailureLimiter failures;
    private final ServerThread thread = new ServerThread("clockbound-datagram", this::run);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ServerCounters counters = new ServerCounters("renewals");
    private final DatagramBacklog backlog = new DatagramBacklog();

    /** The client whose request is being handled. */
    private final DatagramPeer peer;

    private final NativeBytes request;
    private final NativeBytes response;
    private final BoundedReading reading = new BoundedReading();

    private volatile DatagramServerSocket socket;
    private long nextRenewalNanos;

    private DatagramServer(
            SocketPath<DatagramServerSocket> path,
            NativeSockets sockets,
            Responder responder,
            LocalClock local,
            FailureLimiter failures)
            throws IOException {
        this.path = path;
        this.peer = new DatagramPeer(sockets);
        this.request = sockets.allocate(Request.MAX_BYTES + 1);
        this.response = sockets.allocate(Response.MAX_BYTES);
        this.socket = path.open();
        this.responder = responder;
        this.local = local;
        this.failures = failures;
        this.nextRenewalNanos = local.monotonicNanos();
    }

    /** Opens the socket and starts to serve. The server closes {@code path}. */
    static DatagramServer start(
            SocketPath<DatagramServerSocket> path,
            NativeSockets sockets,
            Responder responder,
            LocalClock local,
            FailureLimiter failures)
            throws IOException {
        try {
            DatagramServer server = new DatagramServer(path, sockets, responder, local, failures);
            server.thread.start();
            return server;
        } catch (IOException e) {
            path.close();
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
        return closing.getCount() == 0 ? List.of() : removal; // its end removes the socket, too
    }

    @Override
    public void close() {
        closing.countDown();
        socket.wakeUp();
        thread.awaitEnd();
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                try {
                    serve(socket);
                } catch (IOException e) {
                    reopen(e);
                }
            }
        } finally {
            release();
        }
    }

    private void serve(DatagramServerSocket current) throws IOException {
        long waitMillis = backlog.isEmpty() ? UNTIL_WOKEN : millisUntil(backlogDueNanos());
        if (current.receive(cleared(request), peer, waitMillis)) {
            handleRequest(current);
        }
        if (backlog.isEmpty() || local.monotonicNanos() - backlogDueNanos() < 0) {
            return;
        }
        if (current.isWritable()) {
            clearBacklog(current);
        } else {
            renew();
        }
    }

    /** Handles the request that was received. */
    private void handleRequest(DatagramServerSocket current) throws IOException {
        Request asked = Request.decode(request.bytes().flip());
        RequestResult result = respond(current, asked);
        if (result == RequestResult.DROPPED) {
            postpone(asked);
            return;
        }
        finish(asked, result);
        if (result != RequestResult.NAMELESS) {
            retryBacklog(current); // there is room
        }
    }

    private static NativeBytes cleared(NativeBytes buffer) {
        buffer.bytes().clear();
        return buffer;
    }

    /**
     * Sends the client of a request its response.
     *
     * @return DROPPED when there is no room for it; it may be retried
     */
    private RequestResult respond(DatagramServerSocket current, Request asked) throws IOException {
        if (peer.isEmpty()) {
            return RequestResult.NAMELESS;
        }
        RequestResult result =
                responder.respond(asked, reading, response.bytes().clear());
        response.bytes().flip();
        try {
            return current.send(response, peer) ? result : RequestResult.DROPPED;
        } catch (DatagramServerSocket.ClientGoneException e) {
            failures.add(RequestResult.CLIENT_GONE, () -> e);
            return RequestResult.CLIENT_GONE;
        }
    }

    /** Counts and reports the result of a request of the client. */
    private void finish(Request asked, RequestResult result) {
        counters.count(asked.type(), result);
        switch (result) {
            case NAMELESS ->
                failures.add(
                        result,
                        () -> new IOException("a client's socket has no name; it must be bound to get a response"));
            case DROPPED ->
                failures.add(
                        result,
                        () -> new IOException("client " + peer + " does not read its responses, or others leave no room"
                                + " for them; responses are dropped"));
            case ANSWERED, REFUSED, CLIENT_GONE -> {
                // nothing to report, or reported with its cause
            }
        }
    }

    /** Keeps a request of the client for a retry; a request that has to give way to it is dropped. */
    private void postpone(Request asked) {
        backlog.add(new DatagramBacklog.Entry(peer.copy(), asked), local.monotonicNanos())
                .ifPresent(lost -> {
                    peer.set(lost.peer());
                    finish(lost.request(), RequestResult.DROPPED);
                });
    }

    /** Retries the backlog until there is no room for a response, perhaps only in its client's own queue. */
    private void retryBacklog(DatagramServerSocket current) throws IOException {
        while (!backlog.isEmpty()) {
            DatagramBacklog.Entry next = backlog.removeNext();
            peer.set(next.peer());
            RequestResult result = respond(current, next.request());
            if (result == RequestResult.DROPPED) {
                backlog.putBack(next);
                return;
            }
            finish(next.request(), result);
        }
    }

    /** Retries the whole backlog for the last time. */
    private void clearBacklog(DatagramServerSocket current) throws IOException {
        for (DatagramBacklog.Entry entry : backlog.removeAll()) {
            peer.set(entry.peer());
            finish(entry.request(), respond(current, entry.request()));
        }
    }

    /** Returns the monotonic time at which the backlog must be cleared. */
    private long backlogDueNanos() {
        long stuckNanos = backlog.sinceNanos() + STUCK_NANOS;
        return stuckNanos - nextRenewalNanos < 0 ? nextRenewalNanos : stuckNanos;
    }

    private long millisUntil(long dueNanos) {
        long nanos = dueNanos - local.monotonicNanos();
        return nanos <= 0 ? 1 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    /** Replaces a socket whose send buffer is full of responses that a connected client does not read. */
    private void renew() throws IOException {
        try (DatagramServerSocket old = replaceSocket()) {
            // only the old socket can send to the clients that are connected to it
            old.retire(path.path());
            clearBacklog(old);
            while (old.hasRequest()) {
                if (old.receive(cleared(request), peer, 0)) {
                    handleRequest(old);
                }
            }
        }
        failures.add(
                "renewal",
                () -> new IOException("a client connected to " + address()
                        + " does not read its responses and left no room for others; the socket was replaced"));
    }

    private void reopen(IOException failure) {
        failures.add("socket", () -> failure);
        try {
            if (closing.await(nextRenewalNanos - local.monotonicNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            replaceSocket().close();
        } catch (IOException e) {
            failures.add("socket", () -> e);
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    /** Replaces the current socket by a new one and returns the old one. */
    private DatagramServerSocket replaceSocket() throws IOException {
        nextRenewalNanos = local.monotonicNanos() + RENEWAL_INTERVAL_NANOS;
        DatagramServerSocket old = socket;
        socket = path.replace();
        counters.countEvent();
        return old;
    }

    private void release() {
        try (path) {
            socket.close();
        } catch (IOException e) {
            failures.add("close", () -> e);
        }
    }
}
