/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * What a real chronyd said of a clock that it steered, beside the truth. Its format is in {@code docs/TRACES.md}.
 *
 * @param maxClockErrorPpm what the operator vouches for, and honestly so
 * @param referenceError {@code ID=TIME}, what the operator says of the reference clock, if there is one
 * @param events in the order of their time
 */
record Trace(String maxClockErrorPpm, Optional<String> referenceError, List<Event> events) {

    /** A line of a trace; its time is true time, nanoseconds since {@link #START_NANOS}. */
    sealed interface Event {
        long trueNanos();
    }

    /** At that time the wall clock was so far ahead of true time. */
    record Truth(long trueNanos, long wallErrorNanos) implements Event {}

    /** At that time chronyd gave these replies. */
    record Replies(long trueNanos, ByteBuffer tracking, List<ByteBuffer> sources) implements Event {}

    /** 2010-01-01T00:00:00Z, from which the times of a trace count, in nanoseconds since the Unix epoch. */
    static final long START_NANOS = 1_262_304_000_000_000_000L;

    /**
     * Reads a trace.
     *
     * @throws IOException when it cannot be read, or a line is not as the format wants it; it names the line
     */
    static Trace read(InputStream gzip) throws IOException {
        String ppm = "";
        Optional<String> referenceError = Optional.empty();
        List<Event> events = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(gzip), UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String[] words = line.split(" ", -1);
                try {
                    switch (words[0] + " " + (words[0].equals("#") && words.length > 2 ? words[1] : "")) {
                        case "# max_clock_error_ppm" -> ppm = words[2];
                        case "# reference_error" -> referenceError = Optional.of(words[2]);
                        case "T " -> events.add(new Truth(Long.parseLong(words[1]), Long.parseLong(words[2])));
                        case "R " -> events.add(replies(words));
                        default -> {
                            if (!words[0].equals("#")) {
                                throw new IllegalArgumentException("it begins with '" + words[0] + "'");
                            }
                        }
                    }
                } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                    throw new IOException(
                            "line " + number + " is no line of a trace: " + e.getMessage()
                                    + "; a line begins with '# ', 'T ' or 'R '",
                            e);
                }
            }
        }
        if (ppm.isEmpty() || events.stream().noneMatch(Truth.class::isInstance)) {
            throw new IOException(
                    "it is no trace: it needs a line '# max_clock_error_ppm N' and lines of truth, 'T …'");
        }
        return new Trace(ppm, referenceError, List.copyOf(events));
    }

    private static Replies replies(String[] words) {
        List<ByteBuffer> bodies = new ArrayList<>();
        for (int i = 2; i < words.length; i++) {
            bodies.add(ByteBuffer.wrap(HexFormat.of().parseHex(words[i])).asReadOnlyBuffer());
        }
        return new Replies(Long.parseLong(words[1]), bodies.get(0), List.copyOf(bodies.subList(1, bodies.size())));
    }
}
