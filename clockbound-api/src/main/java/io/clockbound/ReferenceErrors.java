/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ReferenceId;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The error of the reference clock itself, as the providers tell it from poll to poll. Immutable.
 *
 * <p>What the source measured is as wrong as the reference was then, however good it is now. That is known only when the
 * providers told the error of this reference both at the poll before the measurement and at the one that shows it.
 *
 * @param last what they told at the poll before; null when they could not tell
 * @param largestNanos the most that they told since before the newest measurement; empty when that is not known
 */
record ReferenceErrors(@Nullable Told last, OptionalLong largestNanos) {

    /** What the providers told of a reference at one poll. */
    record Told(ReferenceId reference, long nanos) {}

    static final ReferenceErrors NONE = new ReferenceErrors(null, OptionalLong.empty());

    /** Returns what is known after a poll that shows a new measurement, or none, and at which the providers told this. */
    ReferenceErrors after(boolean isNewMeasurement, Told told) {
        OptionalLong before = isNewMeasurement ? lastOf(told.reference) : largestNanos;
        return new ReferenceErrors(
                told,
                before.isPresent() ? OptionalLong.of(Math.max(before.getAsLong(), told.nanos)) : OptionalLong.empty());
    }

    private OptionalLong lastOf(ReferenceId reference) {
        return last != null && last.reference.equals(reference) ? OptionalLong.of(last.nanos) : OptionalLong.empty();
    }

    /** Returns what is known after a poll at which the providers could not tell, or were not asked. */
    ReferenceErrors afterFailure(boolean isNewMeasurement) {
        return new ReferenceErrors(null, isNewMeasurement ? OptionalLong.empty() : largestNanos);
    }
}
