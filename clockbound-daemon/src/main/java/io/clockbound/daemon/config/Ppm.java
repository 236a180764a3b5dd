/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A frequency error.
 *
 * @param ppb parts per billion, 0 to 10⁹ − 1
 */
record Ppm(long ppb) {

    private static final long MAX_PPB = 999_999_999;
    private static final long MAX_SLEW_PPB = 100_000_000;

    /**
     * Reads the error of an oscillator in parts per million, rounded up.
     *
     * @throws IllegalArgumentException when it is none, or out of range
     */
    static Ppm parse(String option, String text) {
        return parse(option, text, 0, MAX_PPB, "at least 0 and below 1000000, such as 50");
    }

    /**
     * Reads how fast a clock may be slewed, in parts per million, rounded up.
     *
     * @throws IllegalArgumentException when it is nothing, or more than Linux slews by
     */
    static Ppm parseSlewRate(String option, String text) {
        return parse(
                option,
                text,
                1,
                MAX_SLEW_PPB,
                "above 0 and at most 100000, such as 500; it is chrony's maxslewrate, whose default is 83333.333");
    }

    private static Ppm parse(String option, String text, long leastPpb, long mostPpb, String rule) {
        try {
            BigDecimal ppb = new BigDecimal(text.strip()).movePointRight(3);
            if (ppb.signum() == 0 && leastPpb == 0) {
                return new Ppm(0);
            }
            // its range first: to round a number with an enormous exponent takes all memory
            if (ppb.signum() > 0 && ppb.compareTo(BigDecimal.valueOf(mostPpb)) <= 0) {
                return new Ppm(ppb.max(BigDecimal.ONE)
                        .setScale(0, RoundingMode.CEILING)
                        .longValueExact());
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // said below, like any other bad value
        }
        throw new IllegalArgumentException(option + " '" + text + "' must be a number of ppm, " + rule);
    }
}
