/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.Measurement;
import io.clockbound.testing.Demand;
import io.clockbound.testing.HexVectors;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Three polls of a chronyd that may say anything, and something else each time: a measurement is only ever taken when it was
 * told between two replies that show the same estimate.
 *
 * <p>Each question takes a byte of the input: what comes of it. The replies start as recorded ones, into which the input writes.
 */
public final class PollFuzz {

    private static final byte[] TRACKING = body("04-tracking-sync-ipv4-plus50ms");
    private static final byte[] SOURCE = followed();
    private static final int SOURCES = 3;
    private static final int POLLS = 3;

    private PollFuzz() {}

    /** Takes what chronyd does. */
    public static void fuzzerTestOneInput(byte[] input) {
        Chronyd chronyd = new Chronyd(ByteBuffer.wrap(input));
        ChronyPoll poll = new ChronyPoll();
        for (int i = 0; i < POLLS; i++) {
            try {
                ClockSnapshot snapshot = poll.ask(chronyd);
                if (snapshot.basis() instanceof Measurement measurement) {
                    requireProof(measurement, chronyd);
                }
                chronyd.endPoll();
            } catch (IOException e) {
                chronyd.forget();
            }
        }
    }

    private static void requireProof(Measurement measurement, Chronyd chronyd) {
        byte[] told = chronyd.told;
        byte[] before = chronyd.beforeIt;
        byte[] after = chronyd.tracking;
        if (told == null || before == null || after == null) {
            throw new AssertionError("a measurement without replies around it");
        }
        ByteBuffer source = ByteBuffer.wrap(told);
        Demand.that(source.getChar(24) == 0, "its source is the selected one");
        Demand.that(measurement.id() == source.getInt(36), "it is the one that was told last");
        Demand.that(
                ExactFloat.nanos(source.getInt(40)).isWithin(measurement.offsetNanos(), measurement.errorNanos()),
                "it is the one that was told relative to this estimate");
        Demand.that(isSameEstimate(before, after), "the replies before and after it show the same estimate");
        Demand.that(chronyd.isAskedAfterIt, "TRACKING was asked for after it");
    }

    /** Reference, address, leap status and all that an update changes; not the correction and what ages. */
    private static boolean isSameEstimate(byte[] before, byte[] after) {
        return Arrays.equals(before, 0, 22, after, 0, 22)
                && Arrays.equals(before, 26, 36, after, 26, 36)
                && nanos(before) == nanos(after)
                && isSameFloat(before, after, 44)
                && isSameFloat(before, after, 52)
                && isSameFloat(before, after, 72);
    }

    private static boolean isSameFloat(byte[] one, byte[] other, int offset) {
        return ChronyFloat.decode(ByteBuffer.wrap(one).getInt(offset))
                == ChronyFloat.decode(ByteBuffer.wrap(other).getInt(offset));
    }

    private static long nanos(byte[] tracking) {
        return Math.min(Integer.toUnsignedLong(ByteBuffer.wrap(tracking).getInt(36)), 999_999_999);
    }

    private static byte[] body(String vector) {
        byte[] datagram = HexVectors.bytes("/vectors/" + vector + ".rpy.hex");
        return Arrays.copyOfRange(datagram, 28, datagram.length);
    }

    /** Returns a source that the clock of the recorded reply follows. */
    private static byte[] followed() {
        byte[] source = body("22-source_data-ntp-idx1");
        System.arraycopy(TRACKING, 4, source, 0, 20);
        source[25] = 0;
        return source;
    }

    /** Replies as the input says; no more once it ends. */
    private static final class Chronyd implements Exchange {

        private final ByteBuffer script;
        private final byte[] current = TRACKING.clone();
        private final byte[][] sources = new byte[SOURCES][];
        private byte @Nullable [] tracking;
        private byte @Nullable [] told;
        private byte @Nullable [] beforeIt;
        private boolean isAskedAfterIt;
        private int count = SOURCES;

        Chronyd(ByteBuffer script) {
            this.script = script;
            for (int i = 0; i < SOURCES; i++) {
                sources[i] = SOURCE.clone();
                sources[i][25] = (byte) i;
            }
        }

        @Override
        public ByteBuffer ask(Request request) throws IOException {
            switch (next()) {
                case 1 -> write(current);
                case 2 -> write(sources[0]);
                case 3 -> write(sources[1]);
                case 4 -> throw new ChronyRefusal(next() & 0xff, "refused");
                case 5 -> throw new SocketTimeoutException("no reply");
                case 6 -> count = next();
                default -> {}
            }
            return ByteBuffer.wrap(reply(request).clone());
        }

        private byte[] reply(Request request) throws ChronyRefusal {
            return switch (request.command()) {
                case N_SOURCES -> ByteBuffer.allocate(4).putInt(count).array();
                case TRACKING -> {
                    isAskedAfterIt = true;
                    tracking = current.clone();
                    yield current;
                }
                case SOURCE_DATA -> {
                    if (request.index() >= SOURCES) {
                        throw new ChronyRefusal(ChronyRefusal.NO_SUCH_SOURCE, "no such source");
                    }
                    byte[] source = sources[request.index()];
                    if (source[24] == 0 && source[25] == 0) {
                        told = source.clone();
                        beforeIt = tracking;
                        isAskedAfterIt = false;
                    }
                    yield source;
                }
            };
        }

        private void write(byte[] bytes) throws IOException {
            bytes[(next() & 0xff) % bytes.length] = next();
        }

        private byte next() throws IOException {
            if (!script.hasRemaining()) {
                throw new SocketTimeoutException("the input is at its end");
            }
            return script.get();
        }

        void endPoll() {
            isAskedAfterIt = false;
        }

        void forget() {
            tracking = null;
            told = null;
        }
    }
}
