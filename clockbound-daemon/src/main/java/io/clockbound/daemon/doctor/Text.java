/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.daemon.config.DurationText;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as people read them. */
final class Text {

    private static final double NANOS = 1e9;

    private Text() {}

    static String seconds(double seconds) {
        return DurationText.of(Math.round(seconds * NANOS));
    }

    /** Returns parts per billion as a number of ppm. */
    static String number(long ppb) {
        return BigDecimal.valueOf(ppb, 3).stripTrailingZeros().toPlainString();
    }

    static String ppm(long ppb) {
        return number(ppb) + " ppm";
    }

    static String ppm(double ppm) {
        return BigDecimal.valueOf(ppm)
                        .setScale(3, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros()
                        .toPlainString()
                + " ppm";
    }
}
