/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.spi.Basis;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * What chronyd says of the local clock: the body of its TRACKING reply, field by field.
 *
 * @param reference the id of the source that it follows
 * @param address of the server that it follows
 * @param stratum its distance from the primary reference, 0 when not synchronised
 * @param leap the announced leap second
 * @param referenceTime about when the clock was last updated
 * @param correctionSeconds what must be added to the local clock; positive when the clock is slow
 * @param lastOffsetSeconds what the last update found; positive when the clock was fast
 * @param rmsOffsetSeconds root mean square of those
 * @param frequencyPpm by how much the clock would run fast without chronyd
 * @param residualFrequencyPpm the part of it that is not yet corrected
 * @param skewPpm error bound of the frequency
 * @param rootDelaySeconds round-trip delay to the primary reference
 * @param rootDispersionSeconds error relative to the primary reference, at the instant of the reply
 * @param lastUpdateIntervalSeconds time between the last two updates
 */
record Tracking(
        ReferenceId reference,
        SourceAddress address,
        int stratum,
        LeapStatus leap,
        Instant referenceTime,
        double correctionSeconds,
        double lastOffsetSeconds,
        double rmsOffsetSeconds,
        double frequencyPpm,
        double residualFrequencyPpm,
        double skewPpm,
        double rootDelaySeconds,
        double rootDispersionSeconds,
        double lastUpdateIntervalSeconds) {

    private static final int NO_HIGH_WORD = 0x7FFFFFFF;
    private static final double NANOS = 1e9;
    private static final double PPB = 1e3;

    /** Reads the 76 bytes behind the header of a TRACKING reply. */
    static Tracking decode(ByteBuffer body) throws ChronyProtocolException {
        SourceAddress address = SourceAddress.decode(body, 4);
        return new Tracking(
                new ReferenceId(body.getInt(0), address.isServer()),
                address,
                Short.toUnsignedInt(body.getShort(24)),
                leap(Short.toUnsignedInt(body.getShort(26))),
                timespec(body.getInt(28), body.getInt(32), body.getInt(36)),
                ChronyFloat.decode(body.getInt(40)),
                ChronyFloat.decode(body.getInt(44)),
                ChronyFloat.decode(body.getInt(48)),
                ChronyFloat.decode(body.getInt(52)),
                ChronyFloat.decode(body.getInt(56)),
                ChronyFloat.decode(body.getInt(60)),
                ChronyFloat.decode(body.getInt(64)),
                ChronyFloat.decode(body.getInt(68)),
                ChronyFloat.decode(body.getInt(72)));
    }

    private static LeapStatus leap(int code) throws ChronyProtocolException {
        return switch (code) {
            case 0 -> LeapStatus.NORMAL;
            case 1 -> LeapStatus.INSERT_SECOND;
            case 2 -> LeapStatus.DELETE_SECOND;
            case 3 -> LeapStatus.UNSYNCHRONIZED;
            default -> throw new ChronyProtocolException("leap status " + code + " is not between 0 and 3");
        };
    }

    private static Instant timespec(int high, int low, int nanos) throws ChronyProtocolException {
        long highSeconds = high == NO_HIGH_WORD ? 0 : high;
        long seconds = highSeconds << 32 | Integer.toUnsignedLong(low);
        try {
            return Instant.ofEpochSecond(seconds, Math.min(Integer.toUnsignedLong(nanos), 999_999_999));
        } catch (DateTimeException e) {
            throw new ChronyProtocolException("reference time of " + seconds + " s is out of range");
        }
    }

    /** Tells whether it follows a source, of which there may be a measurement. */
    boolean followsSource() {
        return leap != LeapStatus.UNSYNCHRONIZED
                && !reference.equals(ReferenceId.NONE)
                && !reference.equals(ReferenceId.LOCAL);
    }

    /** Tells whether the estimate is the one of another reply, apart from what a slew does to the correction. */
    boolean isSameEstimateAs(Tracking other, double mostSlewedSeconds) {
        return reference.equals(other.reference)
                && address.equals(other.address)
                && leap == other.leap
                && referenceTime.equals(other.referenceTime)
                && lastOffsetSeconds == other.lastOffsetSeconds
                && frequencyPpm == other.frequencyPpm
                && lastUpdateIntervalSeconds == other.lastUpdateIntervalSeconds
                && Math.abs(correctionSeconds - other.correctionSeconds)
                        <= mostSlewedSeconds + Math.abs(correctionSeconds) * 2 * ChronyFloat.RELATIVE_ERROR;
    }

    /**
     * Returns this in integers, every magnitude rounded up.
     *
     * @param basis what chronyd's sources say beside it
     * @throws ChronyProtocolException when a number is out of the range that its meaning has
     */
    ClockSnapshot toSnapshot(Basis basis) throws ChronyProtocolException {
        double correctionNanos = correctionSeconds * NANOS;
        double lastOffsetNanos = lastOffsetSeconds * NANOS;
        requireMagnitude("correction", Math.abs(correctionNanos));
        requireMagnitude("last offset", Math.abs(lastOffsetNanos));
        return new ClockSnapshot(
                reference,
                leap,
                referenceTime,
                roundUp("last update interval", lastUpdateIntervalSeconds, NANOS),
                Math.round(correctionNanos),
                lost(correctionNanos),
                Math.round(lastOffsetNanos),
                lost(lastOffsetNanos),
                roundUp("root delay", rootDelaySeconds, NANOS),
                roundUp("root dispersion", rootDispersionSeconds, NANOS),
                (frequencyPpm < 0 ? -1 : 1) * roundUp("frequency", Math.abs(frequencyPpm), PPB),
                roundUp("residual frequency", Math.abs(residualFrequencyPpm), PPB),
                roundUp("skew", skewPpm, PPB),
                basis);
    }

    /** Returns how far a number that chronyd encoded can be from what is decoded and rounded. */
    private static long lost(double nanos) {
        return (long) Math.ceil(Math.abs(nanos) * ChronyFloat.RELATIVE_ERROR) + 1;
    }

    /** Returns the value in smaller units, not below what chronyd had before it was encoded. */
    private static long roundUp(String what, double value, double unitsEach) throws ChronyProtocolException {
        // what a double loses here, 2^-53, is nothing beside the rest of this factor that chronyd's rounding leaves
        double units = value * (1 + ChronyFloat.RELATIVE_ERROR) * unitsEach;
        requireMagnitude(what, units);
        return (long) Math.ceil(units);
    }

    private static void requireMagnitude(String what, double units) throws ChronyProtocolException {
        if (!(units >= 0 && units < (double) ClockSnapshot.MAX_MAGNITUDE)) { // so that NaN is refused, too
            throw new ChronyProtocolException("chronyd reports a " + what + " that is negative or too large: " + units);
        }
    }
}
