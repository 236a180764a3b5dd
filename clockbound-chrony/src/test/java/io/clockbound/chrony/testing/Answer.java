/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony.testing;

import io.clockbound.spi.ReferenceId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What a {@link ScriptedChronyd} sends when it is asked. */
@FunctionalInterface
public interface Answer {

    /** Returns the datagrams to send, in their order. */
    List<byte[]> to(byte[] request);

    /** Returns the answer of a chronyd whose clock is in this state; any other command succeeds without a body. */
    static Answer tracking(TrackingReply state) {
        return request -> {
            int command = ByteBuffer.wrap(request).getShort(4);
            return command == TrackingReply.COMMAND
                    ? List.of(header(request, 5, 0, state.body()))
                    : List.of(header(request, 1, 0, new byte[0]));
        };
    }

    /** Returns the answer of a synchronised chronyd, see {@link TrackingReply#synchronizedTo}. */
    static Answer tracking() {
        return tracking(TrackingReply.synchronizedTo(new ReferenceId(0x7F000001, true)));
    }

    /** Returns a refusal: 2 is UNAUTH, 18 BADPKTVERSION. */
    static Answer status(int code) {
        return request -> List.of(header(request, 1, code, new byte[0]));
    }

    /** Returns no answer. */
    static Answer silence() {
        return request -> List.of();
    }

    /** Returns these bytes, whatever was asked. */
    static Answer bytes(byte[]... datagrams) {
        return request -> List.of(datagrams);
    }

    /** Returns this one, preceded by the same with another sequence number, as after a late reply. */
    default Answer afterWrongSequence() {
        return request -> Stream.concat(
                        to(request).stream().map(reply -> {
                            byte[] other = reply.clone();
                            other[16] ^= 1;
                            return other;
                        }),
                        to(request).stream())
                .toList();
    }

    /** Returns this one, sent that much later; other questions wait behind it. */
    default Answer delayed(Duration delay) {
        return request -> {
            long startedAt = System.nanoTime();
            for (long left = delay.toNanos(); left > 0; left = delay.toNanos() - (System.nanoTime() - startedAt)) {
                LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(10)));
            }
            return to(request);
        };
    }

    private static byte[] header(byte[] request, int type, int status, byte[] body) {
        ByteBuffer asked = ByteBuffer.wrap(request);
        ByteBuffer reply = ByteBuffer.allocate(28 + body.length);
        reply.put(0, (byte) 6).put(1, (byte) 2).putShort(4, asked.getShort(4));
        reply.putShort(6, (short) type).putShort(8, (short) status).putInt(16, asked.getInt(8));
        return reply.put(28, body).array();
    }
}
