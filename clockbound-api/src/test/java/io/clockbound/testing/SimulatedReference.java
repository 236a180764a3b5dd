/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.spi.ReferenceId;

/**
 * How wrong a reference is.
 *
 * @param errorNanos what it shows minus true time
 * @param distanceNanos the most by which the daemon knows it to be wrong
 * @param hiddenNanos what may come on top without the daemon's knowing, as with a hardware clock's own error
 */
public record SimulatedReference(ReferenceId id, long errorNanos, long distanceNanos, long hiddenNanos) {
    /** Checks that the reference is honest. */
    public SimulatedReference {
        if (Math.abs(errorNanos) > distanceNanos + hiddenNanos) {
            throw new IllegalArgumentException("error of " + errorNanos + " ns is more than " + distanceNanos
                    + " ns known and " + hiddenNanos + " ns hidden");
        }
    }
}
