/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One client's connection: the requests that came and the responses that are owed. For one thread at a time. */
final class StreamConnection {

    /** Returned by {@link #takeTurn} when the connection is over. */
    static final int NOTHING = 0;

    private final SocketChannel channel;
    private final Responder responder;
    private final ServerCounters counters;
    private final LocalClock local;

    private final Buffers buffers;
    private final ByteBuffer requests;
    private final ByteBuffer responses;

    private int awaited = SelectionKey.OP_READ;
    private boolean isMalformed;
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
     * Creates a connection from which nothing was read.
     *
     * @param channel a turn waits when it is blocking, and never otherwise
     * @param buffers used by this connection alone until it ends
     */
    StreamConnection(
            SocketChannel channel, Buffers buffers, Responder responder, ServerCounters counters, LocalClock local) {
        this.channel = channel;
        this.buffers = buffers;
        this.requests = buffers.requests().clear();
        this.responses = buffers.responses().clear();
        this.responder = responder;
        this.counters = counters;
        this.local = local;
        this.activeNanos = local.monotonicNanos();
    }

    Buffers buffers() {
        return buffers;
    }

    /** Returns what the last turn returned; OP_READ before the first. */
    int awaited() {
        return awaited;
    }

    /** Returns the time since the last response was sent, or since the client connected. */
    long idleNanos(long nowNanos) {
        return nowNanos - activeNanos;
    }

    /** Tells whether it is selected, with others, for its turns. */
    boolean isShared() {
        return channel.isRegistered();
    }

    /**
     * Reads, answers and sends, at most one buffer of each, so that other connections get their turn.
     *
     * @return the operation of {@link SelectionKey} to wait for before the next turn, or {@link #NOTHING}
     */
    int takeTurn() throws IOException {
        // what is owed first: a client that does not read its responses is not read from
        if (awaited == SelectionKey.OP_READ && channel.read(requests) < 0) {
            awaited = NOTHING;
            return awaited;
        }
        boolean hasMore = answerComplete();
        if (responses.position() > 0 && send()) {
            activeNanos = local.monotonicNanos();
        }
        if (responses.position() > 0 || hasMore) {
            awaited = SelectionKey.OP_WRITE;
        } else {
            awaited = isMalformed ? NOTHING : SelectionKey.OP_READ;
        }
        return awaited;
    }

    void close() throws IOException {
        channel.close();
    }

    /** Answers the complete requests that were read; true when there was no room for the response to the next one. */
    private boolean answerComplete() {
        requests.flip();
        boolean hasRoom = true;
        // after a malformed one the next cannot be found
        while (hasRoom && !isMalformed && StreamFraming.hasRequest(requests)) {
            int start = requests.position();
            Request request = StreamFraming.takeRequest(requests);
            Response response = responder.respond(request);
            hasRoom = responses.remaining() >= StreamFraming.maxBytes(response);
            if (hasRoom) {
                StreamFraming.encode(response, responses);
                counters.count(request.type(), RequestResult.of(response));
                isMalformed = request.type() == RequestType.MALFORMED;
            } else {
                requests.position(start); // it is answered anew in the next turn
            }
        }
        requests.compact();
        return !hasRoom;
    }

    /** Sends as much as the client's queue takes; true when that is everything. */
    private boolean send() throws IOException {
        channel.write(responses.flip());
        responses.compact();
        return responses.position() == 0;
    }
}
