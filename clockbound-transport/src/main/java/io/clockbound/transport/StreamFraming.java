/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How requests and answers follow each other on a stream, where nothing but their own bytes says how long they are.
 *
 * <p>The type does, but for the answer to a request for the status: between its header and the rest stands how long the rest
 * is, an unsigned 32-bit number.
 */
final class StreamFraming {

    /** The longest answer. */
    static final int MAX_BYTES = Response.MAX_BYTES + Integer.BYTES;

    private static final int HEADER_BYTES = RequestType.HEADER_BYTES;

    private StreamFraming() {}

    /** Tells whether the remaining bytes begin with a whole request, or with a header that is none. */
    static boolean hasRequest(ByteBuffer received) {
        return received.remaining() >= HEADER_BYTES && received.remaining() >= requestBytes(received);
    }

    /**
     * Takes out the request that the remaining bytes begin with. After a malformed one, the beginning of the next cannot be
     * known.
     */
    static Request takeRequest(ByteBuffer received) {
        int end = received.limit();
        Request request = Request.decode(received.limit(received.position() + requestBytes(received)));
        received.limit(end);
        return request;
    }

    /** Returns the maximum that {@link #encode} writes. */
    static int maxBytes(Response response) {
        return response instanceof Response.Status ? MAX_BYTES : Response.Interval.BYTES;
    }

    static void encode(Response response, ByteBuffer bytes) {
        if (!(response instanceof Response.Status)) {
            response.encode(bytes);
            return;
        }
        int start = bytes.position();
        int body = start + HEADER_BYTES + Integer.BYTES;
        // written so that its body stands where it should, then the header is moved away from the length
        response.encode(bytes.position(body - HEADER_BYTES));
        int header = bytes.getInt(body - HEADER_BYTES);
        bytes.putInt(start, header).putInt(start + HEADER_BYTES, bytes.position() - body);
    }

    /**
     * Tells whether the remaining bytes begin with a whole answer.
     *
     * @throws ProtocolException when they begin with none
     */
    static boolean hasAnswer(ByteBuffer received) throws ProtocolException {
        return received.remaining() >= HEADER_BYTES && received.remaining() >= answerBytes(received);
    }

    /**
     * Reads the answer that is all of the remaining bytes.
     *
     * @throws ProtocolException when they are none
     */
    static Response decodeAnswer(ByteBuffer received) throws ProtocolException {
        int start = received.position();
        if (received.remaining() > answerBytes(received)) {
            throw new ProtocolException("an answer that nobody asked for follows the first");
        }
        if (typeAt(received) == RequestType.STATUS) {
            received.position(start + Integer.BYTES).putInt(received.position(), received.getInt(start));
        }
        return Response.decode(received);
    }

    private static int requestBytes(ByteBuffer received) {
        boolean isKnown = received.get(received.position()) == RequestType.VERSION;
        return isKnown ? Math.max(HEADER_BYTES, typeAt(received).requestBytes()) : HEADER_BYTES;
    }

    private static int answerBytes(ByteBuffer received) throws ProtocolException {
        return switch (typeAt(received)) {
            case MALFORMED -> HEADER_BYTES; // an error, or what is refused when it is decoded
            case NOW -> Response.Interval.BYTES;
            case BEFORE, AFTER -> Response.Verdict.BYTES;
            case STATUS -> statusBytes(received);
        };
    }

    private static int statusBytes(ByteBuffer received) throws ProtocolException {
        int prefix = HEADER_BYTES + Integer.BYTES;
        if (received.remaining() < prefix) {
            return prefix;
        }
        int length = received.order(ByteOrder.BIG_ENDIAN).getInt(received.position() + HEADER_BYTES);
        if (length < 0 || length > Transport.MAX_STATUS_BYTES) {
            throw new ProtocolException("status of " + Integer.toUnsignedString(length) + " bytes; at most "
                    + Transport.MAX_STATUS_BYTES + " are allowed");
        }
        return prefix + length;
    }

    private static RequestType typeAt(ByteBuffer received) {
        return RequestType.ofCode(received.get(received.position() + 1));
    }
}
