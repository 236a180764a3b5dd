/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.util.Arrays;

/**
 * How late many that waited at the same time were in one round.
 *
 * @param medianNanos how long after its instant had certainly passed each went on; half of them went on sooner
 * @param lastNanos how long after that the latest of them went on
 * @param allNanos how long after the first instant all had gone on
 * @param processorNanos time on a processor for each
 */
record Lateness(double medianNanos, double lastNanos, double allNanos, double processorNanos) {

    /** Reads what {@link #printed} returned. */
    static Lateness parse(String printed) {
        double[] numbers = Arrays.stream(printed.trim().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Lateness(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    String printed() {
        return medianNanos + " " + lastNanos + " " + allNanos + " " + processorNanos;
    }
}
