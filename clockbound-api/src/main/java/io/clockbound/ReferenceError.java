/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The error of the reference clock itself, as the providers tell it.
 *
 * <p>What the source measured at an update is as wrong as the reference was then, however good it is now. That is known
 * only when the providers told the error of this reference both at the poll before the update and at the one that shows it.
 */
final class ReferenceError {

    private record Reading(ReferenceId reference, long nanos) {}

    private final List<ErrorBoundProvider> providers;

    private @Nullable Reading last;
    private @Nullable Reading lastBeforeUpdate;
    private OptionalLong largestNanos = OptionalLong.empty();

    ReferenceError(List<ErrorBoundProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    /** Takes note that the source has measured since the last call of {@link #largestNanos}. */
    void noteUpdate() {
        lastBeforeUpdate = last;
        last = null;
        largestNanos = OptionalLong.empty();
    }

    /**
     * Asks the providers, and returns the most that they said since before the source's last update; 0 when none of them
     * knows that kind of reference.
     *
     * @throws IOException when they cannot tell now, or could not around the update
     */
    long largestNanos(ReferenceId reference) throws IOException {
        Reading before = lastBeforeUpdate;
        lastBeforeUpdate = null;
        last = null; // so it stays when they cannot tell
        OptionalLong sumNanos = sumNanos(reference);
        if (sumNanos.isEmpty()) {
            return 0;
        }
        Reading now = new Reading(reference, sumNanos.getAsLong());
        last = now;
        if (before != null && before.reference().equals(reference)) {
            largestNanos = OptionalLong.of(before.nanos());
        }
        if (largestNanos.isEmpty()) {
            throw new IOException("the error that " + reference
                    + " had when the source last measured is not known; that of its next measurement will be");
        }
        largestNanos = OptionalLong.of(Math.max(largestNanos.getAsLong(), now.nanos()));
        return largestNanos.getAsLong();
    }

    private OptionalLong sumNanos(ReferenceId reference) throws IOException {
        OptionalLong sumNanos = OptionalLong.empty();
        for (ErrorBoundProvider provider : providers) {
            OptionalLong errorNanos = provider.errorNanos(reference);
            if (errorNanos.isEmpty()) {
                continue;
            }
            if (errorNanos.getAsLong() < 0) {
                throw new IOException("the error of " + reference + " cannot be " + errorNanos.getAsLong()
                        + " ns, as the provider '" + provider.name() + "' says");
            }
            sumNanos = OptionalLong.of(Math.addExact(sumNanos.orElse(0), errorNanos.getAsLong()));
        }
        return sumNanos;
    }
}
