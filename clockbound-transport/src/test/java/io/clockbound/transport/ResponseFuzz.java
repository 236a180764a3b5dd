/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.testing.Demand;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Whatever a server sends is a response of protocol 1 or refused, as one datagram and as a stream; an interval is one. */
public final class ResponseFuzz {

    private ResponseFuzz() {}

    /** Takes what a server sends. */
    public static void fuzzerTestOneInput(byte[] input) {
        requireDatagram(input);
        requireStream(input);
    }

    private static void requireDatagram(byte[] input) {
        Response response;
        try {
            response = Response.decode(ByteBuffer.wrap(input));
        } catch (ProtocolException e) {
            Demand.that(!isInterval(input), "an interval by the table is not refused");
            return;
        }
        Demand.that(response instanceof Response.Interval == isInterval(input), "only an interval by the table is one");
        ByteBuffer encoded = ByteBuffer.allocate(Response.MAX_BYTES);
        response.encode(encoded);
        byte[] again = Arrays.copyOf(encoded.array(), encoded.position());
        again[3] = input[3]; // may be anything
        // a refusal of 20 bytes is sent with 4
        byte[] expected = response instanceof Response.Refusal ? Arrays.copyOf(input, 4) : input;
        Demand.that(Arrays.equals(again, expected), "a response that is encoded again is the same bytes");
        requireFramed(response);
    }

    /** By the table of docs/PROTOCOL.md; times after the year 2262 are refused. */
    private static boolean isInterval(byte[] bytes) {
        if (bytes.length != 20 || bytes[0] != 1 || bytes[1] != 1 || (bytes[2] & ~1) != 0) {
            return false;
        }
        ByteBuffer sent = ByteBuffer.wrap(bytes);
        return 0 <= sent.getLong(4) && sent.getLong(4) <= sent.getLong(12);
    }

    private static void requireFramed(Response response) {
        ByteBuffer framed = ByteBuffer.allocate(StreamFraming.MAX_BYTES);
        response.encode(framed);
        boolean isReport = response instanceof Response.Report;
        if (isReport) {
            StreamFraming.insertLength(framed, 0);
        }
        int room = StreamFraming.maxBytes(isReport ? RequestType.STATUS : RequestType.NOW);
        Demand.that(framed.position() <= room, "a response fits where there is room for it");
        try {
            Demand.that(StreamFraming.hasResponse(framed.flip()), "a response is complete");
            Demand.that(response.equals(StreamFraming.decodeResponse(framed)), "and the same on a stream");
        } catch (ProtocolException e) {
            throw new AssertionError("a response that was encoded is not refused", e);
        }
    }

    private static void requireStream(byte[] input) {
        ByteBuffer received = ByteBuffer.wrap(input).limit(0);
        try {
            while (!StreamFraming.hasResponse(received)) {
                if (received.limit() == received.capacity()) {
                    return;
                }
                received.limit(received.limit() + 1);
            }
            Demand.that(
                    received.limit() <= StreamFraming.MAX_BYTES,
                    "a response is complete when it is as long as the longest");
            StreamFraming.decodeResponse(received.duplicate().clear().limit(received.limit()));
            Demand.that(received.limit() >= 4, "a response has a header");
        } catch (ProtocolException e) {
            Demand.that(
                    !isInterval(Arrays.copyOf(input, 20)) || received.limit() > 20 || input.length < 20,
                    "an interval is not refused");
        }
    }
}
