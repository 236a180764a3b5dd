/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony.testing;

import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The state of a scripted chronyd's clock, in the units and with the signs of its TRACKING reply.
 *
 * @param reference what it follows
 * @param stratum its distance from the primary reference
 * @param leap the announced leap second
 * @param referenceTime when the clock was last updated
 * @param correctionSeconds what must be added to the local clock
 * @param lastOffsetSeconds what the last update found
 * @param rmsOffsetSeconds mean of those
 * @param frequencyPpm by how much the clock would run fast
 * @param residualFrequencyPpm what of that is not corrected
 * @param skewPpm error bound of the frequency
 * @param rootDelaySeconds round-trip delay to the primary reference
 * @param rootDispersionSeconds error relative to the primary reference
 * @param lastUpdateIntervalSeconds time between the last two updates
 */
public record TrackingReply(
        ReferenceId reference,
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

    static final int COMMAND = 33;

    /** Returns the state of a clock that is 50 µs slow, known to 30 µs. */
    public static TrackingReply synchronizedTo(ReferenceId reference) {
        Instant updatedAt = Instant.parse("2026-11-22T20:00:00Z");
        return new TrackingReply(
                reference, 2, LeapStatus.NORMAL, updatedAt, 50e-6, 1e-6, 2e-6, 10, 0.01, 0.05, 20e-6, 20e-6, 1);
    }

    /** Returns the state of a clock that nothing was ever known about. */
    public static TrackingReply unsynchronized() {
        return new TrackingReply(
                ReferenceId.NONE, 0, LeapStatus.UNSYNCHRONIZED, Instant.EPOCH, 0, 0, 0, 0, 0, 0, 1, 1, 0);
    }

    /** Returns this with another correction, in seconds. */
    public TrackingReply withCorrection(double seconds) {
        return new TrackingReply(
                reference,
                stratum,
                leap,
                referenceTime,
                seconds,
                lastOffsetSeconds,
                rmsOffsetSeconds,
                frequencyPpm,
                residualFrequencyPpm,
                skewPpm,
                rootDelaySeconds,
                rootDispersionSeconds,
                lastUpdateIntervalSeconds);
    }

    /** Returns this after another update of the clock. */
    public TrackingReply withReferenceTime(Instant updatedAt) {
        return new TrackingReply(
                reference,
                stratum,
                leap,
                updatedAt,
                correctionSeconds,
                lastOffsetSeconds,
                rmsOffsetSeconds,
                frequencyPpm,
                residualFrequencyPpm,
                skewPpm,
                rootDelaySeconds,
                rootDispersionSeconds,
                lastUpdateIntervalSeconds);
    }

    /** Returns the 76 bytes behind the header of the reply. */
    public byte[] body() {
        ByteBuffer body = ByteBuffer.allocate(76);
        body.putInt(reference.code());
        body.putInt(reference.isServer() ? reference.code() : 0).position(20);
        body.putShort((short) (reference.isServer() ? 1 : 0)).position(24);
        body.putShort((short) stratum).putShort((short) leapCode());
        body.putLong(referenceTime.getEpochSecond()).putInt(referenceTime.getNano());
        body.putInt(encodeFloat(correctionSeconds)).putInt(encodeFloat(lastOffsetSeconds));
        body.putInt(encodeFloat(rmsOffsetSeconds)).putInt(encodeFloat(frequencyPpm));
        body.putInt(encodeFloat(residualFrequencyPpm)).putInt(encodeFloat(skewPpm));
        body.putInt(encodeFloat(rootDelaySeconds)).putInt(encodeFloat(rootDispersionSeconds));
        return body.putInt(encodeFloat(lastUpdateIntervalSeconds)).array();
    }

    private int leapCode() {
        return switch (leap) {
            case NORMAL -> 0;
            case INSERT_SECOND -> 1;
            case DELETE_SECOND -> 2;
            case UNSYNCHRONIZED -> 3;
        };
    }

    /** Returns the bits of chrony's float that is nearest to a value; no number is 0, as in chronyd. */
    public static int encodeFloat(double value) {
        if (value == 0 || Double.isNaN(value)) {
            return 0;
        }
        int exponent = Math.max(-64, Math.getExponent(value) + 2);
        long coefficient = Math.round(Math.scalb(value, 25 - exponent));
        if (Math.abs(coefficient) == 1 << 24) {
            coefficient /= 2;
            exponent++;
        }
        if (exponent > 63) {
            exponent = 63;
            coefficient = value > 0 ? (1 << 24) - 1 : -(1 << 24);
        }
        return (exponent << 25) | ((int) coefficient & 0x1FFFFFF);
    }
}
