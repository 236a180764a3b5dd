/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.ClockStatus;
import java.util.List;

/**
 * A line of a program that reads a clock.
 *
 * @param reading UNKNOWN when the client failed
 * @param isError whether the client failed instead of answering
 * @param remark why it failed, or what else it said
 */
record PeerReading(Reading reading, boolean isError, String remark) {

    /** A second ago is before the interval and not after it; in a second is after it and not before it. */
    private static final String RIGHT_ORDER = "1001";

    private static final int WORDS = 6;

    /** Reads the lines that are complete. */
    static List<PeerReading> parse(String lines) {
        return lines.substring(0, lines.lastIndexOf('\n') + 1)
                .lines()
                .map(PeerReading::of)
                .toList();
    }

    private static PeerReading of(String line) {
        String[] words = line.split(" ", WORDS);
        boolean isError = words[2].equals("ERROR");
        Reading reading = new Reading(
                Long.parseLong(words[0]),
                Long.parseLong(words[1]),
                isError ? ClockStatus.UNKNOWN : ClockStatus.valueOf(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]));
        return new PeerReading(reading, isError, words.length == WORDS ? words[5] : "");
    }

    /** Tells whether it says of some instant that it lies elsewhere than it does. */
    boolean isMisordered() {
        return isTrusted() && !remark.isEmpty() && !remark.equals(RIGHT_ORDER);
    }

    boolean isTrusted() {
        return reading.isTrusted();
    }

    ClockStatus status() {
        return reading.status();
    }
}
