/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.util.ArrayList;
import java.util.List;

/**
 * The frequencies that the source reckoned with at its last updates: at eight of them or more, and where updates are frequent for
 * four minutes. Immutable.
 *
 * <p>A source states how wrong its frequency can be by how well a line fits its samples, and that can be far too little: soon
 * after a start, when delays jump, or when it was restarted with samples ({@code -r}) but without the frequency that belongs to
 * them. What it stated a moment ago tells: the oscillator cannot have changed as much. A source that forgets one step after
 * the other takes the steps for a frequency error, so frequencies stated then are not remembered.
 *
 * @param spans the newest last
 * @param doubtful how many updates more find a frequency that is not remembered
 */
record RecentFrequencies(List<Span> spans, int doubtful) {

    /** A frequency, and how wrong it can be as the source states. */
    record Stated(long ppb, long skewPpb) {}

    /**
     * What was stated at the updates of half a minute: a frequency is outside of one of them when it is above the lowest of their
     * upper ends, or below the highest of their lower ends.
     *
     * @param begunNanos monotonic time of the first of them
     */
    record Span(long begunNanos, long lowestUpperPpb, long highestLowerPpb) {

        Span with(Stated frequency) {
            return new Span(
                    begunNanos,
                    Math.min(lowestUpperPpb, NanosRange.saturatedSum(frequency.ppb, frequency.skewPpb)),
                    Math.max(highestLowerPpb, NanosRange.saturatedSum(frequency.ppb, -frequency.skewPpb)));
        }
    }

    static final RecentFrequencies NONE = new RecentFrequencies(List.of(), 0);

    /** It takes a restarted source as many updates to find a frequency again. */
    private static final int UPDATES_TO_FIND = 8;

    /**
     * Eight updates can be two seconds, in which delays that change look like a frequency. A real chronyd was wrong by 450 ppm more
     * than it stated at all of the last eight, and by nothing more than at all of the last four minutes.
     */
    private static final long SPAN_NANOS = 30_000_000_000L;

    /**
     * Returns what is known after an update.
     *
     * @param nowNanos monotonic time
     * @param isForgetful whether the update may have forgotten a step
     */
    RecentFrequencies after(Stated frequency, long nowNanos, boolean isForgetful) {
        int doubtfulNow = isForgetful ? UPDATES_TO_FIND : doubtful;
        if (doubtfulNow > 0 && !spans.isEmpty()) {
            return new RecentFrequencies(spans, doubtfulNow - 1);
        }
        int last = spans.size() - 1;
        boolean isOfLast = last >= 0 && nowNanos - spans.get(last).begunNanos() < SPAN_NANOS;
        List<Span> next = isOfLast
                ? new ArrayList<>(spans.subList(0, last))
                : new ArrayList<>(spans.subList(Math.max(0, spans.size() - UPDATES_TO_FIND), spans.size()));
        Span span = isOfLast ? spans.get(last) : new Span(nowNanos, Long.MAX_VALUE, Long.MIN_VALUE);
        next.add(span.with(frequency));
        return new RecentFrequencies(List.copyOf(next), doubtfulNow);
    }

    /** Returns how far a frequency is at most outside of what was stated at one of the last updates. */
    long changePpb(long frequencyPpb) {
        long most = 0;
        for (Span span : spans) {
            most = Math.max(most, NanosRange.saturatedSum(frequencyPpb, -span.lowestUpperPpb));
            most = Math.max(most, NanosRange.saturatedSum(span.highestLowerPpb, -frequencyPpb));
        }
        return most;
    }
}
