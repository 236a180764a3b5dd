/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.testing.Demand;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Whatever a client sends is a request of protocol 1 or malformed, as one datagram and as a stream. */
public final class RequestFuzz {

    private RequestFuzz() {}

    /** Takes what a client sends. */
    public static void fuzzerTestOneInput(byte[] input) {
        Request request = Request.decode(ByteBuffer.wrap(input));
        Demand.that((request.type() != RequestType.MALFORMED) == isRequest(input), "a request is one by the table");
        if (request.type() != RequestType.MALFORMED) {
            requireSameBytes(request, input);
        }
        requireSameRequestsInPieces(input);
    }

    /** By the table of docs/PROTOCOL.md. */
    private static boolean isRequest(byte[] bytes) {
        if (bytes.length < 4 || bytes[0] != 1) {
            return false;
        }
        return switch (bytes[1]) {
            case 1, 4 -> bytes.length == 4;
            case 2, 3, 5 -> bytes.length == 12;
            default -> false;
        };
    }

    private static void requireSameBytes(Request request, byte[] input) {
        ByteBuffer encoded = ByteBuffer.allocate(Request.MAX_BYTES);
        request.encode(encoded);
        byte[] again = Arrays.copyOf(encoded.array(), encoded.position());
        again[2] = input[2]; // may be anything
        again[3] = input[3];
        Demand.that(Arrays.equals(again, input), "a request that is encoded again is the same bytes");
        Demand.that(request.equals(Request.decode(encoded.flip())), "and the same request");
    }

    private static void requireSameRequestsInPieces(byte[] input) {
        ByteBuffer whole = ByteBuffer.wrap(input);
        ByteBuffer pieces = ByteBuffer.wrap(input).limit(0);
        while (StreamFraming.hasRequest(whole)) {
            int start = whole.position();
            Request request = StreamFraming.takeRequest(whole);
            while (!StreamFraming.hasRequest(pieces)) {
                pieces.limit(pieces.limit() + 1);
            }
            Demand.that(request.equals(StreamFraming.takeRequest(pieces)), "a request is the same in pieces");
            if (request.type() == RequestType.MALFORMED) {
                return; // where the next begins is not known
            }
            Demand.that(
                    whole.position() - start == request.type().requestBytes(), "a request has the bytes of its type");
            Demand.that(pieces.limit() == whole.position(), "a request is complete when its last byte is there");
        }
    }
}
