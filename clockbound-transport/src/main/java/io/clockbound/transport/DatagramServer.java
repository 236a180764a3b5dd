/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers the datagrams of protocol 1 on one thread, which waits for no client. */
final class DatagramServer implements TransportServer {

    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RENEWAL_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Requests read between two looks at what else there is to do. */
    private static final int BATCH = 64;

    private final SocketPath<DatagramServerSocket> file;
    private final Responder responder;
    private final LocalClock local;
    private final ServerThread thread = new ServerThread("clockbound-datagram", this::run);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ServerCounters counters = new ServerCounters();
    private final DatagramPeer client = new DatagramPeer();
    private final DatagramBacklog unsent = new DatagramBacklog();
    private final ByteBuffer request = ByteBuffer.allocateDirect(Request.MAX_BYTES + 1);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(Response.MAX_BYTES);

    private final Consumer<IOException> failures;
    private final DatagramLosses lost;
    private final FailureLimiter broken;
    private final FailureLimiter renewed;

    private volatile DatagramServerSocket socket;
    private long nextRenewalNanos;

    private DatagramServer(
            SocketPath<DatagramServerSocket> file,
            DatagramServerSocket socket,
            Responder responder,
            LocalClock local,
            Consumer<IOException> failures) {
        this.file = file;
        this.socket = socket;
        this.responder = responder;
        this.local = local;
        this.failures = failures;
        this.lost = new DatagramLosses(counters, local, failures);
        this.broken = new FailureLimiter(local, failures);
        this.renewed = new FailureLimiter(local, failures);
        this.nextRenewalNanos = local.monotonicNanos();
    }

    /** Opens the socket and begins to answer; closing the server closes {@code file}. */
    static DatagramServer start(
            SocketPath<DatagramServerSocket> file,
            Responder responder,
            LocalClock local,
            Consumer<IOException> failures)
            throws IOException {
        try {
            DatagramServer server = new DatagramServer(file, file.open(), responder, local, failures);
            server.thread.start();
            return server;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public String address() {
        return file.path().toString();
    }

    @Override
    public ServerCounts counts() {
        return counters.read();
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
        current.await(unsent.isEmpty() ? 0 : millisUntil(unsentDueNanos()));
        if (current.isReadable() && answerRequests(current) == 0) {
            // readable and yet nothing read: a datagram without bytes, from a client without a name
            lost.addNameless(RequestType.MALFORMED);
        }
        if (unsent.isEmpty() || local.monotonicNanos() - unsentDueNanos() < 0) {
            return;
        }
        if (current.isWritable()) {
            answerUnsent(current);
        } else {
            renew();
        }
    }

    /** Answers what waits, up to a batch, and returns how much it was. */
    private int answerRequests(DatagramServerSocket current) throws IOException {
        for (int count = 0; count < BATCH; count++) {
            request.clear();
            if (!current.receive(request, client)) {
                return count;
            }
            request.flip();
            if (client.isEmpty()) {
                lost.addNameless(RequestType.of(Request.decodeOrNull(request)));
            } else {
                answerNew(current);
            }
        }
        return BATCH;
    }

    private void answerNew(DatagramServerSocket current) throws IOException {
        Request decoded = Request.decodeOrNull(request);
        if (!answer(current, decoded)) {
            unsent.add(new DatagramBacklog.Entry(client.copy(), decoded), local.monotonicNanos())
                    .ifPresent(this::drop);
            return;
        }
        // There is room. The first that finds none ends this: it may be its client's own queue that is full.
        while (!unsent.isEmpty()) {
            DatagramBacklog.Entry next = unsent.removeNext();
            client.set(next.client());
            if (!answer(current, next.request())) {
                unsent.putBack(next);
                return;
            }
        }
    }

    private void drop(DatagramBacklog.Entry entry) {
        client.set(entry.client());
        lost.addDropped(RequestType.of(entry.request()), client);
    }

    /** Answers a request of the client, null for a malformed one; false when there is no room for the answer. */
    private boolean answer(DatagramServerSocket current, @Nullable Request decoded) throws IOException {
        Response response = responder.to(decoded);
        answer.clear();
        response.encode(answer);
        try {
            if (!current.send(answer.flip(), client)) {
                return false;
            }
            counters.count(RequestType.of(decoded), response.result());
        } catch (DatagramServerSocket.ClientGoneException e) {
            lost.addGone(RequestType.of(decoded), e);
        }
        return true;
    }

    /** Tries all that wait for the last time. */
    private void answerUnsent(DatagramServerSocket current) throws IOException {
        for (DatagramBacklog.Entry entry : unsent.removeAll()) {
            client.set(entry.client());
            if (!answer(current, entry.request())) {
                drop(entry);
            }
        }
    }

    /** Returns when something has to be done about the answers that found no room. */
    private long unsentDueNanos() {
        long stuckNanos = unsent.sinceNanos() + STUCK_NANOS;
        return stuckNanos - nextRenewalNanos < 0 ? nextRenewalNanos : stuckNanos;
    }

    private long millisUntil(long dueNanos) {
        long nanos = dueNanos - local.monotonicNanos();
        return nanos <= 0 ? 1 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    /** Gives up a socket whose send buffer is full of answers that some connected client does not read. */
    private void renew() throws IOException {
        try (DatagramServerSocket old = replaceSocket()) {
            // clients connected to the old socket can be answered by it alone
            old.retire(file.path());
            answerUnsent(old);
            while (old.hasRequest()) {
                answerRequests(old);
            }
        }
        renewed.add(() -> new IOException("a client connected to " + address()
                + " does not read its answers and left no room for others; the socket was replaced"));
    }

    private void reopen(IOException failure) {
        broken.add(() -> failure);
        try {
            if (closing.await(nextRenewalNanos - local.monotonicNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            replaceSocket().close();
        } catch (IOException e) {
            broken.add(() -> e);
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    /** Puts a new socket in the place of the current one and returns that. */
    private DatagramServerSocket replaceSocket() throws IOException {
        nextRenewalNanos = local.monotonicNanos() + RENEWAL_INTERVAL_NANOS;
        DatagramServerSocket old = socket;
        socket = file.replace();
        counters.countRenewal();
        return old;
    }

    private void release() {
        try (file) {
            socket.close();
        } catch (IOException e) {
            failures.accept(e);
        }
    }
}
