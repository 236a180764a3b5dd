/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * What the operator vouches for and wants.
 *
 * @param maxClockErrorPpb worst frequency error of this machine's oscillator beyond what the time source estimates, 0 to
 *     10⁹ − 1; the guarantee rests on it
 * @param pollInterval time between two questions to the time source, 100 ms to 60 s
 * @param holdover how long after the last synchronised poll a source may be believed that answers but has lost its
 *     reference, 1 s to 1 day
 * @param localReferenceAllowed whether a time source that follows nothing but its own clock is trusted
 */
public record BoundSettings(
        long maxClockErrorPpb, Duration pollInterval, Duration holdover, boolean localReferenceAllowed) {

    /** One ppm, a poll a second, 1000 s of holdover, no trust in a local reference. */
    public static final BoundSettings DEFAULTS =
            new BoundSettings(1_000, Duration.ofSeconds(1), Duration.ofSeconds(1000), false);

    /** Checks the ranges. */
    public BoundSettings {
        if (maxClockErrorPpb < 0 || maxClockErrorPpb >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            throw new IllegalArgumentException("max clock error of " + maxClockErrorPpb + " ppb must be 0 to "
                    + (ClockErrorBound.DRIFT_LIMIT_PPB - 1));
        }
        requireBetween("poll interval", pollInterval, Duration.ofMillis(100), Duration.ofSeconds(60));
        requireBetween("holdover", holdover, Duration.ofSeconds(1), Duration.ofDays(1));
    }

    private static void requireBetween(String what, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    what + " of " + millis(value) + " ms must be " + millis(least) + " to " + millis(most) + " ms");
        }
    }

    private static String millis(Duration value) {
        return new BigDecimal(value.getSeconds())
                .movePointRight(3)
                .add(BigDecimal.valueOf(value.getNano(), 6))
                .stripTrailingZeros()
                .toPlainString();
    }
}
