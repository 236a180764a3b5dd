/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.fuzz;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is fuzzed: a class whose {@code fuzzerTestOneInput} judges what a decoder makes of an input. */
enum FuzzTarget {
    REPLY("io.clockbound.chrony.ReplyFuzz", 160, 10_000),
    TRACKING("io.clockbound.chrony.TrackingFuzz", 76, 10_000),
    SOURCE_DATA("io.clockbound.chrony.SourceDataFuzz", 48, 10_000),
    POLL("io.clockbound.chrony.PollFuzz", 120, 5_000),
    REQUEST("io.clockbound.transport.RequestFuzz", 64, 10_000),
    RESPONSE("io.clockbound.transport.ResponseFuzz", 256, 10_000),
    SEGMENT_RECORD("io.clockbound.transport.SegmentRecordFuzz", 160, 10_000),
    SEGMENT_READER("io.clockbound.transport.SegmentReaderFuzz", 60, 200),
    VM_CLOCK("io.clockbound.VmClockFuzz", 128, 1_000),
    CONFIGURATION("io.clockbound.it.fuzz.ConfigurationFuzz", 400, 10);

    private static final Path CORPUS = Path.of("src", "test", "fuzz");

    private final String type;
    private final int longestInput;
    private final int share;

    FuzzTarget(String type, int longestInput, int share) {
        this.type = type;
        this.longestInput = longestInput;
        this.share = share;
    }

    /** Returns the name of the class. */
    String type() {
        return type;
    }

    /** Returns the length of the longest input that is made, in bytes. */
    int longestInput() {
        return longestInput;
    }

    /** Returns how many of so many inputs in all are its own: fewer where a decoder needs longer for one. */
    long inputsOf(long total) {
        long shares = Arrays.stream(values()).mapToLong(target -> target.share).sum();
        return Math.max(1, Math.round((double) total * share / shares));
    }

    /** Returns the directory of the inputs that are in the repository. */
    Path corpus() {
        return CORPUS.resolve(toString());
    }

    /** Returns the name by which the command line knows it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the targets of these names, or all when there are none.
     *
     * @throws IllegalArgumentException when there is no target of a name
     */
    static List<FuzzTarget> named(List<String> names) {
        List<FuzzTarget> all = List.of(values());
        return names.isEmpty() ? all : names.stream().map(FuzzTarget::named).toList();
    }

    private static FuzzTarget named(String name) {
        return Arrays.stream(values())
                .filter(target -> target.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no target; there are "
                        + Arrays.stream(values()).map(FuzzTarget::toString).collect(Collectors.joining(", "))));
    }
}
