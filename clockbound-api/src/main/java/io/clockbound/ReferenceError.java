/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.util.List;

/**
 * The error of the reference clock itself, as the providers tell it.
 *
 * <p>What the source measured at an update is as wrong as the reference was then, however good it is now.
 */
final class ReferenceError {

    private final List<ErrorBoundProvider> providers;

    private long lastNanos;
    private long largestNanos;

    ReferenceError(List<ErrorBoundProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    /** Takes note that the source has measured since the last call of {@link #largestNanos}. */
    void noteUpdate() {
        largestNanos = lastNanos;
    }

    /** Asks the providers, and returns the most that they said since before the source's last update; 0 for nothing. */
    long largestNanos(ReferenceId reference) throws IOException {
        long sumNanos = 0;
        for (ErrorBoundProvider provider : providers) {
            long errorNanos = provider.errorNanos(reference).orElse(0);
            if (errorNanos < 0) {
                throw new IOException("the error of " + reference + " cannot be " + errorNanos
                        + " ns, as the provider '" + provider.name() + "' says");
            }
            sumNanos = Math.addExact(sumNanos, errorNanos);
        }
        lastNanos = sumNanos;
        largestNanos = Math.max(largestNanos, sumNanos);
        return largestNanos;
    }
}
