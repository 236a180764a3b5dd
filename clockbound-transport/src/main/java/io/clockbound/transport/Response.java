/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A response of protocol 1. */
sealed interface Response {

    /** The size of the longest response, a status. */
    int MAX_BYTES = RequestType.HEADER_BYTES + Transport.MAX_STATUS_BYTES;

    /** Tells whether the clock was not synchronised when it was read. */
    boolean unsynchronized();

    void encode(ByteBuffer bytes);

    /** Returns the maximum size of a response to a request of a type. */
    static int maxBytes(RequestType request) {
        return request.asksForReport() ? MAX_BYTES : Interval.BYTES;
    }

    /**
     * Decodes all remaining bytes as one response.
     *
     * @throws ProtocolException when they are not exactly one response
     */
    static Response decode(ByteBuffer bytes) throws ProtocolException {
        int size = bytes.remaining();
        if (size < Refusal.BYTES) {
            throw new ProtocolException("response of " + size + " bytes is shorter than its header of 4");
        }
        bytes.order(ByteOrder.BIG_ENDIAN);
        byte version = bytes.get();
        if (version != RequestType.VERSION) {
            throw new ProtocolException("response has version " + Byte.toUnsignedInt(version) + "; 1 is known");
        }
        byte code = bytes.get();
        boolean unsynchronized = decodeBoolean(bytes.get());
        bytes.get();
        RequestType type = RequestType.ofCode(code);
        if (type == RequestType.NOW && size == Interval.BYTES) {
            return decodeInterval(unsynchronized, bytes.getLong(), bytes.getLong());
        }
        if ((type == RequestType.BEFORE || type == RequestType.AFTER) && size == Verdict.BYTES) {
            return new Verdict(type, unsynchronized, decodeBoolean(bytes.get()));
        }
        if (type.asksForReport() && size <= MAX_BYTES) {
            return new Report(type, unsynchronized, decodeJson(bytes));
        }
        // ClockBound 0.1.4 refuses a now request with 20 bytes, the size of an interval; their content has no meaning
        if (code == Refusal.CODE && (size == Refusal.BYTES || size == Interval.BYTES)) {
            bytes.position(bytes.limit());
            return new Refusal(unsynchronized);
        }
        throw new ProtocolException("response of type " + Byte.toUnsignedInt(code) + " and " + size
                + " bytes; known are type 0 with 4 or 20 bytes, type 1 with 20, types 2 and 3 with 5, types 4 and 5"
                + " with "
                + MAX_BYTES
                + " at most");
    }

    private static Interval decodeInterval(boolean unsynchronized, long earliestNanos, long latestNanos)
            throws ProtocolException {
        if (earliestNanos < 0 || earliestNanos > latestNanos) {
            throw new ProtocolException("interval from " + Long.toUnsignedString(earliestNanos) + " to "
                    + Long.toUnsignedString(latestNanos) + " ns is reversed or lies beyond the year 2262");
        }
        return new Interval(unsynchronized, earliestNanos, latestNanos);
    }

    private static String decodeJson(ByteBuffer bytes) throws ProtocolException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException("report is not valid UTF-8");
        }
    }

    private static boolean decodeBoolean(byte code) throws ProtocolException {
        if (code != 0 && code != 1) {
            throw new ProtocolException("flag is " + Byte.toUnsignedInt(code) + "; 0 and 1 are known");
        }
        return code == 1;
    }

    private static void encodeHeader(ByteBuffer bytes, byte code, boolean unsynchronized) {
        int flag = unsynchronized ? 1 : 0;
        bytes.order(ByteOrder.BIG_ENDIAN).putInt((RequestType.VERSION << 24) | (code << 16) | (flag << 8));
    }

    /** True time lies between these instants, in nanoseconds since the Unix epoch. */
    record Interval(boolean unsynchronized, long earliestNanos, long latestNanos) implements Response {

        static final int BYTES = 20;

        public Interval {
            if (earliestNanos < 0 || earliestNanos > latestNanos) {
                throw new IllegalArgumentException("interval [" + earliestNanos + ", " + latestNanos
                        + "] ns is reversed or begins before the Unix epoch");
            }
        }

        @Override
        public void encode(ByteBuffer bytes) {
            encode(unsynchronized, earliestNanos, latestNanos, bytes);
        }

        /** Encodes one with these components, without making it an object. */
        static void encode(boolean unsynchronized, long earliestNanos, long latestNanos, ByteBuffer bytes) {
            encodeHeader(bytes, RequestType.NOW.code(), unsynchronized);
            bytes.putLong(earliestNanos).putLong(latestNanos);
        }
    }

    /** The response to {@link RequestType#BEFORE} or {@link RequestType#AFTER}: certainly true, or not certain. */
    record Verdict(RequestType type, boolean unsynchronized, boolean certain) implements Response {

        static final int BYTES = 5;

        public Verdict {
            if (type != RequestType.BEFORE && type != RequestType.AFTER) {
                throw new IllegalArgumentException("a request of type " + type + " is not answered by yes or no");
            }
        }

        @Override
        public void encode(ByteBuffer bytes) {
            encodeHeader(bytes, type.code(), unsynchronized);
            bytes.put((byte) (certain ? 1 : 0));
        }
    }

    /** The response to {@link RequestType#STATUS} or {@link RequestType#HISTORY}: a JSON object. */
    record Report(RequestType type, boolean unsynchronized, String json) implements Response {

        public Report {
            if (!type.asksForReport()) {
                throw new IllegalArgumentException("a request of type " + type + " is not answered by a report");
            }
            int bytes = json.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > Transport.MAX_STATUS_BYTES) {
                throw new IllegalArgumentException(
                        type + " report of " + bytes + " bytes; at most " + Transport.MAX_STATUS_BYTES + " fit");
            }
        }

        @Override
        public void encode(ByteBuffer bytes) {
            encodeHeader(bytes, type.code(), unsynchronized);
            bytes.put(json.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** An error: the request is malformed, or the clock cannot be trusted. */
    record Refusal(boolean unsynchronized) implements Response {

        private static final byte CODE = 0;
        private static final int BYTES = 4;

        @Override
        public void encode(ByteBuffer bytes) {
            encodeHeader(bytes, CODE, unsynchronized);
        }
    }
}
