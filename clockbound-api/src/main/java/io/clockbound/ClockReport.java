/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.util.OptionalLong;

/**
 * A reading of a clock, and why it is what it is. Immutable.
 *
 * @param now the interval and its status
 * @param why why the status is what it is, for people to read
 * @param readFrom where the reading comes from, as {@link BoundedClock#description} says it
 */
public record ClockReport(BoundedInstant now, String why, String readFrom) {

    static final String TRUSTED = "true time lies inside the interval";

    /** Returns the status of the reading. */
    public ClockStatus status() {
        return now.status();
    }

    /** Returns the half width of the interval in nanoseconds; empty without trust. */
    public OptionalLong halfWidthNanos() {
        return now.status().isTrusted() ? OptionalLong.of(now.halfWidthNanos()) : OptionalLong.empty();
    }
}
