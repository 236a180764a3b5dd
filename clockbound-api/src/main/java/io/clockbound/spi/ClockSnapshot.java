/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import java.time.Instant;

/**
 * What a time source reports of the local clock's error at one instant. The words are those of NTP (RFC 5905).
 *
 * <p>The decoder rounds every magnitude up.
 *
 * @param reference what the source follows
 * @param leap the announced leap second
 * @param referenceTime when the source last changed its estimate, on its own clock; only ever compared with that of
 *     another reply
 * @param lastUpdateIntervalNanos time between its last two updates, not negative; 0 when it made at most one
 * @param correctionNanos what must be added to the wall clock to reach the source's estimate of true time; positive
 *     when the wall clock is slow
 * @param correctionErrorNanos how far the true value of the correction can be from {@code correctionNanos} because of
 *     rounding, not negative
 * @param lastOffsetNanos by how much its estimate was set back at the last update; positive when the estimate was ahead
 * @param lastOffsetErrorNanos how far the true value of that can be because of rounding, not negative
 * @param rootDelayNanos round-trip delay to the primary reference, not negative
 * @param rootDispersionNanos error relative to the primary reference, grown to the instant of the reply, not negative
 * @param frequencyPpb the clock's frequency error that the source corrects or would correct; positive when the clock is
 *     fast
 * @param residualFrequencyPpb magnitude of what is left of it, not negative
 * @param skewPpb error bound of the frequency, not negative
 * @param basis what this rests on
 */
public record ClockSnapshot(
        ReferenceId reference,
        LeapStatus leap,
        Instant referenceTime,
        long lastUpdateIntervalNanos,
        long correctionNanos,
        long correctionErrorNanos,
        long lastOffsetNanos,
        long lastOffsetErrorNanos,
        long rootDelayNanos,
        long rootDispersionNanos,
        long frequencyPpb,
        long residualFrequencyPpb,
        long skewPpb,
        Basis basis) {

    /** The largest magnitude of any of the numbers: 73 years in ns. */
    public static final long MAX_MAGNITUDE = Long.MAX_VALUE >> 2;

    /** Checks the ranges. */
    public ClockSnapshot {
        requireMagnitude("last update interval", lastUpdateIntervalNanos);
        requireMagnitude("correction", Math.absExact(correctionNanos));
        requireMagnitude("correction error", correctionErrorNanos);
        requireMagnitude("last offset", Math.absExact(lastOffsetNanos));
        requireMagnitude("last offset error", lastOffsetErrorNanos);
        requireMagnitude("root delay", rootDelayNanos);
        requireMagnitude("root dispersion", rootDispersionNanos);
        requireMagnitude("frequency", Math.absExact(frequencyPpb));
        requireMagnitude("residual frequency", residualFrequencyPpb);
        requireMagnitude("skew", skewPpb);
    }

    static void requireMagnitude(String what, long value) {
        if (value < 0 || value > MAX_MAGNITUDE) {
            throw new IllegalArgumentException(what + " of " + value + " is not between 0 and " + MAX_MAGNITUDE);
        }
    }
}
