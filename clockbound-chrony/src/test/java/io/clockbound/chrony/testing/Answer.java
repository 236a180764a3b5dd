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

    /** The number of sources. */
    int N_SOURCES = 14;

    /** The status of a reply to a command that chronyd does not know. */
    int INVALID = 3;

    /** The status of a reply about a source that there is not. */
    int NO_SUCH_SOURCE = 4;

    /** Returns the datagrams to send, in their order. */
    List<byte[]> to(byte[] request);

    /**
     * Returns the answer of a chronyd whose clock is in this state, and whose only source is the one that it follows, see {@link
     * SourceReply#followedBy}.
     */
    static Answer tracking(TrackingReply state) {
        return SourceReply.isAnyFollowedBy(state)
                ? tracking(state, List.of(SourceReply.followedBy(state)))
                : tracking(state, List.of());
    }

    /** Returns the answer of a chronyd whose clock is in this state and that has these sources. */
    static Answer tracking(TrackingReply state, List<SourceReply> sources) {
        return request -> {
            ByteBuffer asked = ByteBuffer.wrap(request);
            return List.of(
                    switch (asked.getShort(4)) {
                        case TrackingReply.COMMAND -> reply(request, 5, 0, state.body());
                        case N_SOURCES ->
                            reply(
                                    request,
                                    2,
                                    0,
                                    ByteBuffer.allocate(4)
                                            .putInt(sources.size())
                                            .array());
                        case SourceReply.COMMAND -> {
                            int index = asked.getInt(20);
                            yield index < 0 || index >= sources.size()
                                    ? reply(request, 1, NO_SUCH_SOURCE, new byte[0])
                                    : reply(request, 3, 0, sources.get(index).body());
                        }
                        default -> reply(request, 1, INVALID, new byte[0]);
                    });
        };
    }

    /** Returns the answer of a synchronised chronyd, see {@link TrackingReply#synchronizedTo}. */
    static Answer tracking() {
        return tracking(TrackingReply.synchronizedTo(new ReferenceId(0x7F000001, true)));
    }

    /** Returns a refusal: 2 is UNAUTH, 18 BADPKTVERSION. */
    static Answer status(int code) {
        return request -> List.of(reply(request, 1, code, new byte[0]));
    }

    /** Returns this one, but for a refusal of SOURCE_DATA and N_SOURCES: {@code opencommands} without {@code sources}. */
    default Answer withoutSources() {
        return request -> ByteBuffer.wrap(request).getShort(4) == TrackingReply.COMMAND
                ? to(request)
                : status(2).to(request);
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

    private static byte[] reply(byte[] request, int type, int status, byte[] body) {
        ByteBuffer asked = ByteBuffer.wrap(request);
        ByteBuffer reply = ByteBuffer.allocate(28 + body.length);
        reply.put(0, (byte) 6).put(1, (byte) 2).putShort(4, asked.getShort(4));
        reply.putShort(6, (short) type).putShort(8, (short) status).putInt(16, asked.getInt(8));
        return reply.put(28, body).array();
    }
}
