/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import java.util.Optional;

/**
 * The newest measurement of the reference that the clock follows (RFC 5905 calls it a sample).
 *
 * <p>With an honest reference, the source's estimate of true time (wall clock plus correction) minus true time was within
 * {@code offsetNanos ± errorNanos} when it was measured, both told for the estimate as it is now.
 *
 * @param id differs between two measurements; the same as long as there is no newer one
 * @param offsetNanos the estimate minus true time as measured; positive when the estimate was ahead
 * @param errorNanos half the round-trip delay, plus the dispersion when it was measured, plus what rounding can have lost;
 *     not negative
 * @param ageNanos the longest time that can have passed between the measurement and the reply, not negative
 * @param pollIntervalNanos time between two questions to that reference, not negative
 * @param unheard why the reference is no longer heard, with the remedy; empty while it answers. Equal reasons have equal words
 */
public record Measurement(
        long id, long offsetNanos, long errorNanos, long ageNanos, long pollIntervalNanos, Optional<String> unheard)
        implements Basis {

    /** Checks the ranges. */
    public Measurement {
        ClockSnapshot.requireMagnitude("offset", Math.absExact(offsetNanos));
        ClockSnapshot.requireMagnitude("error", errorNanos);
        ClockSnapshot.requireMagnitude("age", ageNanos);
        ClockSnapshot.requireMagnitude("poll interval", pollIntervalNanos);
    }
}
