/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.SourceState;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What chronyd says of one of its sources: the body of a SOURCE_DATA reply, field by field.
 *
 * @param address of a server, or the name of a reference clock in its place
 * @param poll log₂ of the time between two requests to it, in seconds
 * @param stratum its distance from the primary reference
 * @param state what chronyd makes of it; 0 is the one that the clock follows
 * @param isReferenceClock whether it is a clock of this host
 * @param reach one bit for each of the last eight requests to it, 1 where it replied
 * @param sinceSampleSeconds whole seconds since the newest measurement, rounded down; {@link #NEVER} when there is none
 * @param originalOffsetBits the offset that the newest measurement found, relative to the estimate of that time; chrony's float
 * @param offsetSeconds the same offset relative to the present estimate; positive when that is ahead of the source
 * @param errorSeconds half the delay plus the dispersion of that measurement, those of the source included
 */
record SourceData(
        SourceAddress address,
        int poll,
        int stratum,
        int state,
        boolean isReferenceClock,
        int reach,
        long sinceSampleSeconds,
        int originalOffsetBits,
        double offsetSeconds,
        double errorSeconds) {

    /** Stands for no measurement. */
    static final long NEVER = 0xFFFF_FFFFL;

    private static final int SELECTED = 0;
    private static final int REFERENCE_CLOCK = 2;
    private static final double NANOS = 1e9;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final double LIMIT_NANOS = (double) (ClockSnapshot.MAX_MAGNITUDE >> 1);

    /** Reads the 48 bytes behind the header of a SOURCE_DATA reply. */
    static SourceData decode(ByteBuffer body) {
        return new SourceData(
                SourceAddress.decode(body, 0),
                body.getShort(20),
                Short.toUnsignedInt(body.getShort(22)),
                Short.toUnsignedInt(body.getShort(24)),
                Short.toUnsignedInt(body.getShort(26)) == REFERENCE_CLOCK,
                Short.toUnsignedInt(body.getShort(30)),
                Integer.toUnsignedLong(body.getInt(32)),
                body.getInt(36),
                ChronyFloat.decode(body.getInt(40)),
                ChronyFloat.decode(body.getInt(44)));
    }

    /** Tells whether the clock follows it. */
    boolean isSelected() {
        return state == SELECTED;
    }

    boolean isHeard() {
        return reach != 0;
    }

    /** Tells whether a clock with this reference and this address follows this source. */
    boolean is(ReferenceId reference, SourceAddress followed) {
        return isReferenceClock
                ? !reference.isServer() && reference.code() == address.code()
                : address.equals(followed);
    }

    /** Tells whether the newest measurement is the one of an earlier reply, told relative to the same estimate. */
    boolean isSameMeasurementAs(SourceData earlier) {
        return address.equals(earlier.address)
                && isReferenceClock == earlier.isReferenceClock
                && sinceSampleSeconds >= earlier.sinceSampleSeconds
                && originalOffsetBits == earlier.originalOffsetBits
                && offsetSeconds == earlier.offsetSeconds
                && errorSeconds == earlier.errorSeconds;
    }

    /** Returns its name or address, for a person to read. */
    String name() {
        return isReferenceClock ? new ReferenceId(address.code(), false).toString() : address.toString();
    }

    /** Returns it for people; without a measurement where there is none that makes sense. */
    SourceState toState() {
        Optional<Measurement> measurement = Optional.empty();
        try {
            if (sinceSampleSeconds <= NEVER / 2) {
                measurement = Optional.of(measurement(Optional.empty()));
            }
        } catch (ChronyProtocolException e) {
            // a poll that rests on it fails with the reason
        }
        ReferenceId id = isReferenceClock ? new ReferenceId(address.code(), false) : address.referenceId();
        return new SourceState(id, name(), role(), stratum, reach, measurement);
    }

    private SourceState.Role role() {
        return switch (state) {
            case SELECTED -> SourceState.Role.FOLLOWED;
            case 2 -> SourceState.Role.FALSETICKER;
            case 3 -> SourceState.Role.JITTERY;
            case 4 -> SourceState.Role.COMBINED;
            case 5 -> SourceState.Role.CANDIDATE;
            default -> SourceState.Role.UNUSABLE;
        };
    }

    /**
     * Returns its newest measurement in integers, rounded outward.
     *
     * @param unheard why the source is not heard, if it is not
     * @throws ChronyProtocolException when a number is out of the range that its meaning has
     */
    Measurement measurement(Optional<String> unheard) throws ChronyProtocolException {
        double offsetNanos = offsetSeconds * NANOS;
        double lostNanos = Math.abs(offsetNanos) * ChronyFloat.RELATIVE_ERROR + 1;
        double errorNanos = errorSeconds * (1 + ChronyFloat.RELATIVE_ERROR) * NANOS;
        // poll is at most 24, or SOURCE_DATA is not what it should be
        double pollNanos = Math.scalb(NANOS, Math.min(poll, 30));
        boolean isInRange = sinceSampleSeconds <= NEVER / 2
                && errorSeconds >= 0
                && errorNanos + lostNanos <= LIMIT_NANOS
                && Math.abs(offsetNanos) <= LIMIT_NANOS; // false for NaN, too
        if (!isInRange) {
            throw new ChronyProtocolException("chronyd reports a measurement of " + offsetSeconds + " s, known to "
                    + errorSeconds + " s and made " + sinceSampleSeconds + " s ago, of its source " + name()
                    + ": that is negative or too large");
        }
        return new Measurement(
                originalOffsetBits,
                Math.round(offsetNanos),
                (long) Math.ceil(errorNanos + lostNanos),
                (sinceSampleSeconds + 1) * NANOS_PER_SECOND,
                Math.round(pollNanos),
                unheard);
    }
}
