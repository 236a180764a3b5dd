/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import io.clockbound.ClockStatus;
import io.clockbound.it.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

    /** Several lines have room in it. */
    private static final int END_BYTES = 1_024;

    /** Returns what a program printed between two instants of the wall clock. */
    static List<PeerReading> between(Path output, long fromNanos, long toNanos) throws IOException {
        return parse(Files.readString(output)).stream()
                .filter(line -> line.reading().askedNanos() >= fromNanos
                        && line.reading().answeredNanos() <= toNanos)
                .toList();
    }

    /** Returns the last reading that a program printed. */
    static Optional<PeerReading> last(Path output) throws IOException {
        try (FileChannel file = FileChannel.open(output)) {
            ByteBuffer end = ByteBuffer.allocate(END_BYTES);
            file.read(end, Math.max(0, file.size() - END_BYTES));
            String lines = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
            // the first may have lost its beginning
            List<PeerReading> whole = parse(lines.substring(lines.indexOf('\n') + 1));
            return whole.isEmpty() ? Optional.empty() : Optional.of(whole.get(whole.size() - 1));
        }
    }

    /** Reads the lines that are complete. */
    private static List<PeerReading> parse(String lines) {
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
