/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How fast something was in one round.
 *
 * @param medianNanos how long it took; half of the times were shorter
 * @param lateNanos 99 of 100 times were shorter
 * @param perSecond how often it was done
 * @param serverNanos the server's time on a processor for each; NaN when it was not measured
 * @param processorNanos the server's and its clients' time on a processor for each, likewise
 */
record Speed(double medianNanos, double lateNanos, double perSecond, double serverNanos, double processorNanos) {

    /** Creates one of something that has no server. */
    Speed(double medianNanos, double lateNanos, double perSecond) {
        this(medianNanos, lateNanos, perSecond, Double.NaN, Double.NaN);
    }

    /** Reads the numbers that one of the programs printed. */
    static Speed parse(String printed) {
        double[] numbers = Arrays.stream(printed.trim().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return numbers.length == 2
                ? new Speed(numbers[0], numbers[1], 1e9 / numbers[0])
                : new Speed(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
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
                median(rounds, Speed::medianNanos),
                median(rounds, Speed::lateNanos),
                median(rounds, Speed::perSecond),
                median(rounds, Speed::serverNanos),
                median(rounds, Speed::processorNanos));
    }

    private static double median(List<Speed> rounds, ToDoubleFunction<Speed> number) {
        return median(rounds.stream().mapToDouble(number).toArray());
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
