/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** One client's connection and the thread that answers it, one request after another, until either side closes it. */
final class StreamConnection {

    private final SocketChannel channel;
    private final Responder responder;
    private final ServerCounters counters;
    private final LocalClock local;
    private final Consumer<StreamConnection> ended;
    private final ServerThread thread = new ServerThread("clockbound-stream-client", this::run);

    private final Buffers buffers;
    private final ByteBuffer requests;
    private final ByteBuffer responses;

    private volatile long activeNanos;

    /**
     * Memory for the bytes of a connection, outside the heap, where the kernel can reach it.
     *
     * <p>The garbage collector may free it long after many clients have come and gone. The next connection therefore reuses
     * the memory of one that has ended.
     */
    record Buffers(ByteBuffer requests, ByteBuffer responses) {

        private static final int REQUESTS_BYTES = 512;

        Buffers() {
            this(ByteBuffer.allocateDirect(REQUESTS_BYTES), ByteBuffer.allocateDirect(StreamFraming.MAX_BYTES));
        }
    }

    /**
     * Creates a connection that does not answer yet.
     *
     * @param buffers used by this connection alone until it ends
     * @param ended called on the connection's thread when it ends
     */
    StreamConnection(
            SocketChannel channel,
            Buffers buffers,
            Responder responder,
            ServerCounters counters,
            LocalClock local,
            Consumer<StreamConnection> ended) {
        this.channel = channel;
        this.buffers = buffers;
        this.requests = buffers.requests().clear();
        this.responses = buffers.responses().clear();
        this.responder = responder;
        this.counters = counters;
        this.local = local;
        this.ended = ended;
        this.activeNanos = local.monotonicNanos();
    }

    void start() {
        thread.start();
    }

    Buffers buffers() {
        return buffers;
    }

    /** Returns the time since the last response was sent, or since the client connected. */
    long idleNanos(long nowNanos) {
        return nowNanos - activeNanos;
    }

    /** Ends the thread, whatever it is waiting for. */
    void close() throws IOException {
        channel.close();
    }

    void awaitEnd() {
        thread.awaitEnd();
    }

    private void run() {
        try (channel) {
            try {
                answerUntilClosed();
            } finally {
                ended.accept(this); // before the client sees the end, because it may then connect again at once
            }
        } catch (IOException e) {
            // The client has gone during a request or a response, or the server closes. Neither is a failure.
        }
    }

    private void answerUntilClosed() throws IOException {
        boolean continues = true;
        while (continues && channel.read(requests) >= 0) {
            continues = answerComplete();
            send();
        }
    }

    /** Answers the complete requests that were read; false after a malformed one, because the next cannot be found. */
    private boolean answerComplete() throws IOException {
        requests.flip();
        boolean continues = true;
        while (continues && StreamFraming.hasRequest(requests)) {
            Request request = StreamFraming.takeRequest(requests);
            Response response = responder.respond(request);
            if (responses.remaining() < StreamFraming.maxBytes(response)) {
                send();
            }
            StreamFraming.encode(response, responses);
            counters.count(request.type(), RequestResult.of(response));
            continues = request.type() != RequestType.MALFORMED;
        }
        requests.compact();
        return continues;
    }

    private void send() throws IOException {
        if (responses.flip().hasRemaining()) {
            while (responses.hasRemaining()) {
                channel.write(responses);
            }
            activeNanos = local.monotonicNanos();
        }
        responses.clear();
    }
}
