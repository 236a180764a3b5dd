/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;

/**
 * What a clock takes for granted because its settings say so.
 *
 * <p>It goes to the platform's logger, which every service has already sent where it wants it: a number on which the guarantee
 * rests must be seen by somebody who did not ask.
 */
record Assumptions(BoundSettings settings) {

    private static final String HONEST =
            "BoundSettings.withMaxClockErrorPpb states another; 50 ppm is a common choice where the"
                    + " temperature changes or virtual machines migrate";

    /**
     * Writes it.
     *
     * @param source whom the clock asks
     */
    void log(String source) {
        Logger logger = System.getLogger("io.clockbound");
        logger.log(
                isOptimistic() ? Level.WARNING : Level.INFO,
                "Bounded clock by " + source + ": it is only as right as its max clock error, " + ppm() + " ppm"
                        + (isOptimistic()
                                ? ", which few oscillators keep; 15 is the default"
                                : isDefault() ? " (the default)" : "")
                        + "; " + HONEST);
        if (settings.localReferenceAllowed()) {
            logger.log(
                    Level.WARNING,
                    "A local reference is allowed: the interval may contain the time of the source's own"
                            + " clock, not true time");
        }
        if (settings.estimateAllowed()) {
            logger.log(
                    Level.WARNING,
                    "An estimate is allowed: where the source reports no measurement, the interval may miss"
                            + " true time when the oscillator's frequency or the source's references change");
        }
    }

    private boolean isDefault() {
        return settings.maxClockErrorPpb() == BoundSettings.DEFAULTS.maxClockErrorPpb();
    }

    private boolean isOptimistic() {
        return settings.maxClockErrorPpb() < BoundSettings.DEFAULTS.maxClockErrorPpb();
    }

    private String ppm() {
        return BigDecimal.valueOf(settings.maxClockErrorPpb(), 3)
                .stripTrailingZeros()
                .toPlainString();
    }
}
