/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import java.util.List;

/**
 * The half widths of the interval in a time that is over.
 *
 * @param beganEpochNanos when it began, nanoseconds since the Unix epoch by the wall clock
 * @param durationNanos how long it was
 * @param minNanos the minimum half width while the clock was trusted; meaningless when it never was
 * @param medianNanos the median; of several minutes, that of their medians
 * @param maxNanos the maximum
 * @param samples how many half widths there were
 * @param polls how often the clock was looked at, trusted or not
 */
record Period(
        long beganEpochNanos,
        long durationNanos,
        long minNanos,
        long medianNanos,
        long maxNanos,
        int samples,
        int polls) {

    /** Returns one that is as long as these together, which follow each other. */
    static Period of(List<Period> parts) {
        List<Period> trusted = parts.stream().filter(part -> part.samples > 0).toList();
        return new Period(
                parts.get(0).beganEpochNanos,
                parts.stream().mapToLong(Period::durationNanos).sum(),
                trusted.stream().mapToLong(Period::minNanos).min().orElse(0),
                trusted.stream()
                        .mapToLong(Period::medianNanos)
                        .sorted()
                        .skip(trusted.size() / 2)
                        .findFirst()
                        .orElse(0),
                trusted.stream().mapToLong(Period::maxNanos).max().orElse(0),
                parts.stream().mapToInt(Period::samples).sum(),
                parts.stream().mapToInt(Period::polls).sum());
    }
}
