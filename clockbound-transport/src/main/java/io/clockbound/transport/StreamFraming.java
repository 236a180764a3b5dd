/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Separates requests and responses on a stream, by the length of each type.
 *
 * <p>Only a status response has a variable length: between its header and its body is the length of the body, an unsigned
 * 32-bit number.
 */
final class StreamFraming {

    /** The size of the longest response. */
    static final int MAX_BYTES = Response.MAX_BYTES + Integer.BYTES;

    private static final int HEADER_BYTES = RequestType.HEADER_BYTES;

    private StreamFraming() {}

    /** Tells whether the remaining bytes begin with a complete request, or with the header of a malformed one. */
    static boolean hasRequest(ByteBuffer received) {
        return received.remaining() >= HEADER_BYTES && received.remaining() >= requestBytes(received);
    }

    /**
     * Removes and returns the request at the beginning of the remaining bytes. After a malformed one, the start of the next is
     * unknown.
     */
    static Request takeRequest(ByteBuffer received) {
        int end = received.limit();
        Request request = Request.decode(received.limit(received.position() + requestBytes(received)));
        received.limit(end);
        return request;
    }

    /** Returns the maximum size of a response to a request of a type. */
    static int maxBytes(RequestType request) {
        return request.asksForReport() ? MAX_BYTES : Response.maxBytes(request);
    }

    /** Puts its length into a status or history response that begins at {@code start} and ends at the position. */
    static void insertLength(ByteBuffer bytes, int start) {
        int body = start + HEADER_BYTES;
        int length = bytes.position() - body;
        bytes.put(body + Integer.BYTES, bytes, body, length); // as if by a copy
        bytes.putInt(body, length).position(body + Integer.BYTES + length);
    }

    /**
     * Tells whether the remaining bytes begin with a complete response.
     *
     * @throws ProtocolException when they do not begin with a response
     */
    static boolean hasResponse(ByteBuffer received) throws ProtocolException {
        return received.remaining() >= HEADER_BYTES && received.remaining() >= responseBytes(received);
    }

    /**
     * Decodes all remaining bytes as one response.
     *
     * @throws ProtocolException when they are not exactly one response
     */
    static Response decodeResponse(ByteBuffer received) throws ProtocolException {
        int start = received.position();
        if (received.remaining() > responseBytes(received)) {
            throw new ProtocolException("bytes follow the response to the only request");
        }
        if (typeAt(received).asksForReport()) {
            received.position(start + Integer.BYTES).putInt(received.position(), received.getInt(start));
        }
        return Response.decode(received);
    }

    private static int requestBytes(ByteBuffer received) {
        boolean isKnown = received.get(received.position()) == RequestType.VERSION;
        return isKnown ? Math.max(HEADER_BYTES, typeAt(received).requestBytes()) : HEADER_BYTES;
    }

    private static int responseBytes(ByteBuffer received) throws ProtocolException {
        return switch (typeAt(received)) {
            case MALFORMED -> HEADER_BYTES; // an error, or bytes that decoding refuses
            case NOW -> Response.Interval.BYTES;
            case BEFORE, AFTER -> Response.Verdict.BYTES;
            case STATUS, HISTORY -> reportBytes(received);
        };
    }

    private static int reportBytes(ByteBuffer received) throws ProtocolException {
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
