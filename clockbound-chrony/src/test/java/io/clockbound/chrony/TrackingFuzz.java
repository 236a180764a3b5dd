/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.LeapStatus;
import io.clockbound.testing.Demand;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Whatever a TRACKING reply says, it is refused, or every number is what chronyd meant, rounded outward. */
public final class TrackingFuzz {

    private static final int BYTES = 76;

    /** As chronyd numbers them. */
    private static final List<LeapStatus> LEAPS =
            List.of(LeapStatus.NORMAL, LeapStatus.INSERT_SECOND, LeapStatus.DELETE_SECOND, LeapStatus.UNSYNCHRONIZED);

    private static final EstimateOnly BASIS = new EstimateOnly("of no interest here");
    private static final long MIN_SECONDS = Instant.MIN.getEpochSecond();
    private static final long MAX_SECONDS = Instant.MAX.getEpochSecond();

    private TrackingFuzz() {}

    /** Takes the body of a reply. */
    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer body = ByteBuffer.wrap(Arrays.copyOf(input, BYTES));
        Tracking tracking;
        try {
            tracking = Tracking.decode(body);
        } catch (ChronyProtocolException e) {
            boolean isTime = MIN_SECONDS <= seconds(body) && seconds(body) <= MAX_SECONDS;
            Demand.that(leap(body) > 3 || !isTime, "only a leap status or a time is refused");
            return;
        }
        Demand.that(tracking.leap() == LEAPS.get(leap(body)), "the leap status is the one that was sent");
        Demand.that(tracking.reference().code() == body.getInt(0), "the reference is the one that was sent");
        Demand.that(tracking.address().high() == body.getLong(4), "the address is the one that was sent");
        Demand.that(tracking.address().low() == body.getLong(12), "the rest of the address, too");
        Demand.that(tracking.address().family() == body.getChar(20), "its family, too");
        Demand.that(tracking.isSameEstimateAs(tracking, 0), "an estimate is the same as itself");
        ClockSnapshot snapshot;
        try {
            snapshot = tracking.toSnapshot(BASIS);
        } catch (ChronyProtocolException e) {
            Demand.that(isAnyOutOfRange(body), "only what is negative or too large is refused");
            return;
        }
        requireOutward(snapshot, body);
    }

    private static void requireOutward(ClockSnapshot snapshot, ByteBuffer body) {
        ExactFloat correction = ExactFloat.nanos(body.getInt(40));
        ExactFloat lastOffset = ExactFloat.nanos(body.getInt(44));
        ExactFloat frequency = ExactFloat.ppb(body.getInt(52));
        Demand.that(
                correction.isWithin(snapshot.correctionNanos(), snapshot.correctionErrorNanos()),
                "the correction is within its error");
        Demand.that(
                lastOffset.isWithin(snapshot.lastOffsetNanos(), snapshot.lastOffsetErrorNanos()),
                "the last offset is within its error");
        Demand.that(
                frequency.isRoundedOutwardTo(Math.abs(snapshot.frequencyPpb()))
                        && (snapshot.frequencyPpb() == 0 || frequency.isNegative() == snapshot.frequencyPpb() < 0),
                "the frequency is rounded outward");
        Demand.that(
                ExactFloat.ppb(body.getInt(56)).isRoundedOutwardTo(snapshot.residualFrequencyPpb()),
                "the residual frequency is rounded up");
        requireUp(ExactFloat.ppb(body.getInt(60)), snapshot.skewPpb(), "the skew is rounded up");
        requireUp(ExactFloat.nanos(body.getInt(64)), snapshot.rootDelayNanos(), "the root delay is rounded up");
        requireUp(ExactFloat.nanos(body.getInt(68)), snapshot.rootDispersionNanos(), "the dispersion is rounded up");
        requireUp(ExactFloat.nanos(body.getInt(72)), snapshot.lastUpdateIntervalNanos(), "the interval is rounded up");
    }

    private static void requireUp(ExactFloat sent, long units, String sentence) {
        Demand.that(!sent.isNegative() && sent.isRoundedOutwardTo(units), sentence);
    }

    private static boolean isAnyOutOfRange(ByteBuffer body) {
        long most = ClockSnapshot.MAX_MAGNITUDE >> 1;
        boolean isOut = !ExactFloat.ppb(body.getInt(52)).isBelow(most)
                || !ExactFloat.ppb(body.getInt(56)).isBelow(most)
                || !ExactFloat.nanos(body.getInt(40)).isBelow(most)
                || !ExactFloat.nanos(body.getInt(44)).isBelow(most)
                || isOutOfRange(ExactFloat.ppb(body.getInt(60)), most);
        for (int offset = 64; offset < BYTES; offset += Integer.BYTES) {
            isOut |= isOutOfRange(ExactFloat.nanos(body.getInt(offset)), most);
        }
        return isOut;
    }

    private static boolean isOutOfRange(ExactFloat sent, long most) {
        return sent.isNegative() || !sent.isBelow(most);
    }

    private static int leap(ByteBuffer body) {
        return body.getChar(26);
    }

    private static long seconds(ByteBuffer body) {
        return (long) (body.getInt(28) == 0x7FFFFFFF ? 0 : body.getInt(28)) << 32
                | Integer.toUnsignedLong(body.getInt(32));
    }
}
