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
     * <p>It is freed when the garbage collector comes across it, however many clients come and go meanwhile. So the next
     * connection gets that of one that has ended.
     */
    record Buffers(ByteBuffer requests, ByteBuffer responses) {

        private static final int REQUESTS_BYTES = 512;

        Buffers() {
            this(ByteBuffer.allocateDirect(REQUESTS_BYTES), ByteBuffer.allocateDirect(StreamFraming.MAX_BYTES));
        }
    }

    /**
     * Creates one that does not answer yet.
     *
     * @param buffers are nobody else's until {@code ended} is told
     * @param ended is told of its end, on its thread
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

    /** Returns how long ago the last request was answered, or the client connected. */
    long idleNanos(long nowNanos) {
        return nowNanos - activeNanos;
    }

    /** Makes the thread end, whatever it waits for. */
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
                ended.accept(this); // before the client sees the end, for then it may want to come back
            }
        } catch (IOException e) {
            // The client has gone with requests or answers under way, or the server ends this. Neither is a failure.
        }
    }

    private void answerUntilClosed() throws IOException {
        boolean goesOn = true;
        while (goesOn && channel.read(requests) >= 0) {
            goesOn = answerWhole();
            send();
        }
    }

    /** Answers the whole requests among what was read; false when one is malformed, for none is found behind that. */
    private boolean answerWhole() throws IOException {
        requests.flip();
        boolean goesOn = true;
        while (goesOn && StreamFraming.hasRequest(requests)) {
            Request request = StreamFraming.takeRequest(requests);
            Response response = responder.respond(request);
            if (responses.remaining() < StreamFraming.maxBytes(response)) {
                send();
            }
            StreamFraming.encode(response, responses);
            counters.count(request.type(), RequestResult.of(response));
            goesOn = request.type() != RequestType.MALFORMED;
        }
        requests.compact();
        return goesOn;
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
