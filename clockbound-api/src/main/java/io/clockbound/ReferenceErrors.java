/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ReferenceId;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The error of the reference clock itself, as the providers tell it from poll to poll. Immutable.
 *
 * <p>What the source measured is as wrong as the reference was then, however good it is now. That is known only when the
 * providers told the error of this reference both at the poll before the measurement and at the one that shows it.
 *
 * @param last what they told at the poll before; null when they could not tell
 * @param largestNanos the largest that they told since before the newest measurement; empty when that is not known
 */
record ReferenceErrors(@Nullable AtPoll last, OptionalLong largestNanos) {

    /** What the providers told of a reference at one poll. */
    record AtPoll(ReferenceId reference, long nanos) {}

    static final ReferenceErrors NONE = new ReferenceErrors(null, OptionalLong.empty());

    /**
     * Returns what is known after another reply.
     *
     * @param isNewMeasurement whether the reply shows a measurement that the one before did not
     */
    ReferenceErrors after(boolean isNewMeasurement, ReferenceId reference, ReferenceError now) {
        if (!(now instanceof ReferenceError.Told told)) {
            return new ReferenceErrors(null, isNewMeasurement ? OptionalLong.empty() : largestNanos);
        }
        OptionalLong before = isNewMeasurement ? lastOf(reference) : largestNanos;
        return new ReferenceErrors(
                new AtPoll(reference, told.nanos()),
                before.isPresent()
                        ? OptionalLong.of(Math.max(before.getAsLong(), told.nanos()))
                        : OptionalLong.empty());
    }

    private OptionalLong lastOf(ReferenceId reference) {
        return last != null && last.reference.equals(reference) ? OptionalLong.of(last.nanos) : OptionalLong.empty();
    }

    /** Returns the error that the newest measurement has because of the reference; empty when nothing is to be added. */
    OptionalLong nanos(ReferenceError now) {
        return now instanceof ReferenceError.Configured configured
                ? OptionalLong.of(configured.nanos())
                : now instanceof ReferenceError.Told ? largestNanos : OptionalLong.empty();
    }

    /** Returns why that error is not known at this poll, if it is not. */
    Optional<String> whyUnknown(ReferenceId reference, ReferenceError now) {
        if (now instanceof ReferenceError.Failed failed) {
            return Optional.of(failed.reason());
        }
        return now instanceof ReferenceError.Told && largestNanos.isEmpty()
                ? Optional.of("the error that " + reference
                        + " had when the source last measured is not known; that of its next measurement will be")
                : Optional.empty();
    }

    /** Returns what to do about a reference clock that neither a provider nor the operator knows. */
    static String remedy(ReferenceId reference) {
        return "no provider knows the error of the reference clock " + reference
                + " itself, which the time source takes to be 0. State it, the noise of a sample included: for clockboundd"
                + " with reference-error " + reference
                + "=TIME, in a program with BoundSettings.withReferenceError or an ErrorBoundProvider (Amazon's own ENA driver tells it; the driver that comes with"
                + " Linux does not)";
    }
}
