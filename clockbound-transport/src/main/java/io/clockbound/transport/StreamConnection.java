/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedReading;
import io.clockbound.LocalClock;
import io.clockbound.socket.NativeBytes;
import io.clockbound.socket.NativeSockets;
import io.clockbound.socket.StreamServerSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/** One client's connection: the requests that came and the responses that are owed. For one thread at a time. */
final class StreamConnection {

    /** Returned by {@link #takeTurn} when the connection is over. */
    static final int NOTHING = 0;

    private final StreamServerSocket.Connection socket;
    private final Responder responder;
    private final ServerCounters counters;
    private final LocalClock local;

    private final Buffers buffers;
    private final ByteBuffer requests;
    private final ByteBuffer responses;
    private final BoundedReading reading = new BoundedReading();

    private int awaited = SelectionKey.OP_READ;
    private boolean isMalformed;
    private volatile long activeNanos;

    /**
     * Memory for the bytes of a connection, outside the heap, where the kernel can reach it.
     *
     * <p>The garbage collector may free it long after many clients have come and gone. The next connection therefore reuses
     * the memory of one that has ended.
     */
    record Buffers(NativeBytes requests, NativeBytes responses) {

        private static final int REQUESTS_BYTES = 512;

        static Buffers allocate(NativeSockets sockets) {
            return new Buffers(sockets.allocate(REQUESTS_BYTES), sockets.allocate(StreamFraming.MAX_BYTES));
        }
    }

    /**
     * Creates a connection from which nothing was read.
     *
     * @param socket a turn waits until it is shared, and never after that
     * @param buffers used by this connection alone until it ends
     */
    StreamConnection(
            StreamServerSocket.Connection socket,
            Buffers buffers,
            Responder responder,
            ServerCounters counters,
            LocalClock local) {
        this.socket = socket;
        this.buffers = buffers;
        this.requests = buffers.requests().bytes().clear();
        this.responses = buffers.responses().bytes().clear();
        this.responder = responder;
        this.counters = counters;
        this.local = local;
        this.activeNanos = local.monotonicNanos();
    }

    Buffers buffers() {
        return buffers;
    }

    StreamServerSocket.Connection socket() {
        return socket;
    }

    /** Returns what the last turn returned; OP_READ before the first. */
    int awaited() {
        return awaited;
    }

    /** Returns the time since the last response was sent, or since the client connected. */
    long idleNanos(long nowNanos) {
        return nowNanos - activeNanos;
    }

    /**
     * Reads, answers and sends, at most one buffer of each, so that other connections get their turn.
     *
     * @return the operation of {@link SelectionKey} to wait for before the next turn, or {@link #NOTHING}
     */
    int takeTurn() throws IOException {
        // what is owed first: a client that does not read its responses is not read from
        if (awaited == SelectionKey.OP_READ && socket.read(buffers.requests()) < 0) {
            awaited = NOTHING;
            return awaited;
        }
        boolean hasMore = answerComplete();
        if (responses.position() > 0) {
            long nowNanos = local.monotonicNanos(); // before the client can see the response, and time go on for it
            activeNanos = send() ? nowNanos : activeNanos;
        }
        if (responses.position() > 0 || hasMore) {
            awaited = SelectionKey.OP_WRITE;
        } else {
            awaited = isMalformed ? NOTHING : SelectionKey.OP_READ;
        }
        return awaited;
    }

    /** Answers the complete requests that were read; true when there was no room for the response to the next one. */
    private boolean answerComplete() {
        requests.flip();
        boolean hasRoom = true;
        // after a malformed one the next cannot be found
        while (hasRoom && !isMalformed && StreamFraming.hasRequest(requests)) {
            int start = requests.position();
            Request request = StreamFraming.takeRequest(requests);
            hasRoom = responses.remaining() >= StreamFraming.maxBytes(request.type());
            if (hasRoom) {
                answer(request);
                isMalformed = request.type() == RequestType.MALFORMED;
            } else {
                requests.position(start); // until the next turn
            }
        }
        requests.compact();
        return !hasRoom;
    }

    private void answer(Request request) {
        int start = responses.position();
        RequestResult result = responder.respond(request, reading, responses);
        if (result == RequestResult.ANSWERED && request.type().asksForReport()) {
            StreamFraming.insertLength(responses, start);
        }
        counters.count(request.type(), result);
    }

    /** Sends as much as the client's queue takes; true when that is everything. */
    private boolean send() throws IOException {
        responses.flip();
        socket.write(buffers.responses());
        responses.compact();
        return responses.position() == 0;
    }
}
