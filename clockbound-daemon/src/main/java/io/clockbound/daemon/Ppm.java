/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A frequency error.
 *
 * @param ppb parts per billion, 0 to 10⁹ − 1
 */
record Ppm(long ppb) {

    private static final BigDecimal MAX_PPB = BigDecimal.valueOf(999_999_999);

    /**
     * Reads a number of parts per million, rounded up.
     *
     * @throws IllegalArgumentException when it is none, or out of range
     */
    static Ppm parse(String option, String text) {
        try {
            BigDecimal ppb = new BigDecimal(text.strip()).movePointRight(3);
            if (ppb.signum() == 0) {
                return new Ppm(0);
            }
            // its range first: to round a number with an enormous exponent takes all memory
            if (ppb.signum() > 0 && ppb.compareTo(MAX_PPB) <= 0) {
                return new Ppm(ppb.max(BigDecimal.ONE)
                        .setScale(0, RoundingMode.CEILING)
                        .longValueExact());
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // said below, like any other bad value
        }
        throw new IllegalArgumentException(
                option + " '" + text + "' must be a number of ppm, at least 0 and below 1000000, such as 50");
    }
}
