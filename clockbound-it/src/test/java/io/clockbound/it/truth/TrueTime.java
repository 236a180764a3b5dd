/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.it.truth.TrackingProbe.Tracking;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * True time as the server at the top keeps it: the correction that it adds to the wall clock.
 *
 * <p>That correction is a straight line in time which only commands bend, so between two samples it is known exactly.
 */
public final class TrueTime {

    /** A sample that took longer says too little about when it was true. */
    private static final long LONGEST_SAMPLE_NANOS = 500_000;

    private final TreeMap<Long, Double> corrections = new TreeMap<>();
    private final List<Command> commands = new ArrayList<>();

    private record Command(long fromNanos, long toNanos) {}

    public synchronized void add(Tracking sample) {
        long widthNanos = sample.answeredNanos() - sample.askedNanos();
        if (widthNanos <= LONGEST_SAMPLE_NANOS) {
            corrections.put(sample.askedNanos() + widthNanos / 2, sample.correctionNanos());
        }
    }

    /** Takes note that the line bends between two instants of the wall clock. */
    public synchronized void addCommand(long fromNanos, long toNanos) {
        commands.add(new Command(fromNanos - LONGEST_SAMPLE_NANOS, toNanos + LONGEST_SAMPLE_NANOS));
    }

    /** Returns true time minus wall clock at an instant of the wall clock, unless a command bends it there. */
    public synchronized OptionalDouble correctionNanosAt(long wallNanos) {
        Map.Entry<Long, Double> before = corrections.floorEntry(wallNanos);
        Map.Entry<Long, Double> after = corrections.higherEntry(wallNanos);
        if (before == null || after == null || isBent(before.getKey(), after.getKey())) {
            return OptionalDouble.empty();
        }
        double share = (double) (wallNanos - before.getKey()) / (after.getKey() - before.getKey());
        return OptionalDouble.of(before.getValue() + share * (after.getValue() - before.getValue()));
    }

    private boolean isBent(long fromNanos, long toNanos) {
        return commands.stream().anyMatch(command -> command.fromNanos <= toNanos && fromNanos <= command.toNanos);
    }
}
