/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A question of protocol 1.
 *
 * @param type what is asked
 * @param epochNanos the instant asked about, unsigned nanoseconds since the Unix epoch; 0 when none is
 */
record Request(RequestType type, long epochNanos) {

    static final byte VERSION = 1;
    static final int MAX_BYTES = 12;

    static final int HEADER_BYTES = 4;

    private static final Request NOW = new Request(RequestType.NOW, 0);

    Request {
        if (type == RequestType.MALFORMED) {
            throw new IllegalArgumentException("a malformed request asks nothing");
        }
        if (epochNanos != 0 && !hasInstant(type)) {
            throw new IllegalArgumentException(
                    "a request of type " + type + " has no instant, but " + epochNanos + " is given");
        }
    }

    /**
     * Reads the request that is all of the remaining bytes.
     *
     * @throws ProtocolException when they are none
     */
    static Request decode(ByteBuffer bytes) throws ProtocolException {
        int size = bytes.remaining();
        if (size < HEADER_BYTES) {
            throw new ProtocolException("request of " + size + " bytes is shorter than its header of 4");
        }
        bytes.order(ByteOrder.BIG_ENDIAN);
        int start = bytes.position();
        byte version = bytes.get(start);
        if (version != VERSION) {
            throw new ProtocolException("request has version " + Byte.toUnsignedInt(version) + "; 1 is known");
        }
        RequestType type = RequestType.ofCode(bytes.get(start + 1));
        if (size != type.requestBytes()) {
            throw new ProtocolException("request of type " + Byte.toUnsignedInt(bytes.get(start + 1)) + " and " + size
                    + " bytes; known are types 1 and 4 with 4 bytes, types 2 and 3 with 12");
        }
        bytes.position(start + size);
        if (type == RequestType.NOW) {
            return NOW; // it is what nearly everybody asks, and leaves no garbage
        }
        return new Request(type, hasInstant(type) ? bytes.getLong(start + HEADER_BYTES) : 0);
    }

    /** Reads the request that is all of the remaining bytes; null when they are none, of which the answer tells. */
    static @Nullable Request decodeOrNull(ByteBuffer bytes) {
        try {
            return decode(bytes);
        } catch (ProtocolException e) {
            return null;
        }
    }

    void encode(ByteBuffer bytes) {
        bytes.order(ByteOrder.BIG_ENDIAN).put(VERSION).put(type.code()).putShort((short) 0);
        if (hasInstant(type)) {
            bytes.putLong(epochNanos);
        }
    }

    /**
     * Returns what a clock that reads {@code now} answers to anything but a request for the status; the protocol knows no
     * time before the Unix epoch.
     */
    Response answeredAt(BoundedInstant now) {
        boolean isBeforeTheEpoch = type == RequestType.NOW && now.latestNanos() < 0;
        if (!now.status().isTrusted() || isBeforeTheEpoch) {
            return Response.Refusal.at(now);
        }
        boolean unsynchronized = now.status() != ClockStatus.SYNCHRONIZED;
        long earliestNanos = Math.max(0, now.earliestNanos());
        long latestNanos = Math.max(0, now.latestNanos());
        return switch (type) {
            case NOW -> new Response.Interval(unsynchronized, earliestNanos, latestNanos);
            case BEFORE ->
                new Response.Verdict(type, unsynchronized, Long.compareUnsigned(epochNanos, earliestNanos) < 0);
            case AFTER -> new Response.Verdict(type, unsynchronized, isAfter(latestNanos));
            case STATUS, MALFORMED -> throw new AssertionError("no reading answers a request of type " + type);
        };
    }

    /** Tells whether the instant has certainly not come yet; the end of the time line stands for all beyond it. */
    private boolean isAfter(long latestNanos) {
        return latestNanos != Long.MAX_VALUE && Long.compareUnsigned(epochNanos, latestNanos) > 0;
    }

    private static boolean hasInstant(RequestType type) {
        return type.requestBytes() > HEADER_BYTES;
    }
}
