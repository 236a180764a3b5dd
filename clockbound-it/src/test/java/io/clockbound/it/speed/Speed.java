/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.util.Arrays;
import java.util.List;

/**
 * How fast something was in one round.
 *
 * @param medianNanos how long it took; half of the times were shorter
 * @param lateNanos 99 of 100 times were shorter
 * @param perSecond how often it was done
 */
record Speed(double medianNanos, double lateNanos, double perSecond) {

    /** Reads the numbers that one of the programs printed. */
    static Speed parse(String printed) {
        double[] numbers = Arrays.stream(printed.trim().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Speed(numbers[0], numbers[1], numbers.length > 2 ? numbers[2] : 1e9 / numbers[0]);
    }

    /** Returns the speed of something that was measured in batches, from the mean time of each. */
    static Speed ofBatches(double[] nanos) {
        double[] sorted = nanos.clone();
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        return new Speed(median, sorted[sorted.length * 99 / 100], 1e9 / median);
    }

    /** Returns the median of each of the numbers. */
    static Speed median(List<Speed> rounds) {
        return new Speed(
                median(rounds.stream().mapToDouble(Speed::medianNanos).toArray()),
                median(rounds.stream().mapToDouble(Speed::lateNanos).toArray()),
                median(rounds.stream().mapToDouble(Speed::perSecond).toArray()));
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
