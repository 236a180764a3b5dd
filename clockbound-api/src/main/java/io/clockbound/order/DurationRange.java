/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import java.time.Duration;

/**
 * The durations that a caller may ask for, both ends included.
 *
 * @param remedy what to do about one outside
 */
record DurationRange(Duration minimum, Duration maximum, String remedy) {

    static final Duration NANOSECOND = Duration.ofNanos(1);
    static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    /**
     * Returns a duration in nanoseconds.
     *
     * @throws IllegalArgumentException when it is outside the range
     */
    long nanos(String name, Duration duration) {
        if (duration.compareTo(minimum) < 0 || duration.compareTo(maximum) > 0) {
            throw new IllegalArgumentException(
                    name + " of " + duration + " is not between " + minimum + " and " + maximum + ": " + remedy);
        }
        return duration.toNanos();
    }
}
