/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A request of protocol 1.
 *
 * @param type the type of the request
 * @param epochNanos the instant asked about, unsigned nanoseconds since the Unix epoch; 0 for types that name none
 */
record Request(RequestType type, long epochNanos) {

    /** Stands for all bytes that are not a request. */
    static final Request MALFORMED = new Request(RequestType.MALFORMED, 0);

    static final Request NOW = new Request(RequestType.NOW, 0);
    static final Request STATUS = new Request(RequestType.STATUS, 0);

    static final int MAX_BYTES = 12;

    Request {
        if (epochNanos != 0 && !type.hasInstant()) {
            throw new IllegalArgumentException(
                    "a request of type " + type + " names no instant, but " + epochNanos + " is given");
        }
    }

    /** Reads all remaining bytes as one request; {@link #MALFORMED} when they are not exactly that. */
    static Request decode(ByteBuffer bytes) {
        int start = bytes.position();
        int size = bytes.remaining();
        if (size < RequestType.HEADER_BYTES || bytes.get(start) != RequestType.VERSION) {
            return MALFORMED;
        }
        RequestType type = RequestType.ofCode(bytes.get(start + 1));
        if (size != type.requestBytes()) {
            return MALFORMED;
        }
        bytes.order(ByteOrder.BIG_ENDIAN).position(start + size);
        return switch (type) {
            case MALFORMED -> MALFORMED;
            case NOW -> NOW;
            case STATUS -> STATUS;
            case BEFORE, AFTER, HISTORY -> new Request(type, bytes.getLong(start + RequestType.HEADER_BYTES));
        };
    }

    /** Encodes this request; the bytes of a malformed one are unspecified. */
    void encode(ByteBuffer bytes) {
        bytes.order(ByteOrder.BIG_ENDIAN)
                .put(RequestType.VERSION)
                .put(type.code())
                .putShort((short) 0);
        if (type.hasInstant()) {
            bytes.putLong(epochNanos);
        }
    }
}
