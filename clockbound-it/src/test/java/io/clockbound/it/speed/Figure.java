/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.util.Arrays;

/**
 * A number of each round.
 *
 * @param median half of them are smaller
 * @param low a quarter of them are smaller
 * @param high a quarter of them are larger
 */
record Figure(double median, double low, double high) {

    static Figure of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        return new Figure(Speed.median(sorted), sorted[last / 4], sorted[last - last / 4]);
    }
}
