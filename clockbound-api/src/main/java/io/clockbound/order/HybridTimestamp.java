/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.BoundedInstant;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A place in the order of events: a physical time and a logical counter in one number.
 *
 * <p>The number counts nanoseconds since the Unix epoch. An event that would get a number already passed gets the next
 * one instead, so the last nanoseconds double as the counter of a hybrid logical clock (Kulkarni et al., 2014). That
 * counter never overflows, and never runs ahead of time by itself, because two events in succession are at least a
 * nanosecond apart.
 *
 * <p>Two encodings, both of which sort as the timestamps do: the number itself (64 bits; signed, unsigned and as
 * big-endian bytes alike) and the text of {@link #toString} (always 30 characters). Store one of them whole: a column
 * type that keeps microseconds merges timestamps that differ.
 *
 * <p>Unique in the process that issued it. Two processes can issue the same one; where that matters, add the name of
 * the process as the lower part of the key. Immutable and thread-safe.
 *
 * @param epochNanos nanoseconds since the Unix epoch, 0 to 2⁶³ − 2, which is reached in the year 2262
 */
public record HybridTimestamp(long epochNanos) implements Comparable<HybridTimestamp> {

    /** The largest number that has a successor. */
    static final long MAX_NANOS = Long.MAX_VALUE - 1;

    private static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Checks the range. */
    public HybridTimestamp {
        if (epochNanos < 0 || epochNanos > MAX_NANOS) {
            throw new IllegalArgumentException("timestamp of " + epochNanos + " ns is not between 0 and " + MAX_NANOS
                    + ": a number that was stored as something else, or damaged, is no timestamp");
        }
    }

    /**
     * Returns the timestamp with the physical time of {@code instant}.
     *
     * @throws IllegalArgumentException when the instant is before 1970 or after 2262
     */
    public static HybridTimestamp of(Instant instant) {
        return new HybridTimestamp(BoundedInstant.epochNanos(instant));
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException for any other text, even one that means the same time: texts that are spelled
     *     differently would not sort
     */
    public static HybridTimestamp parse(String text) {
        try {
            HybridTimestamp parsed = of(Instant.parse(text));
            if (parsed.toString().equals(text)) {
                return parsed;
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(noTimestamp(text), e);
        }
        throw new IllegalArgumentException(noTimestamp(text));
    }

    private static String noTimestamp(String text) {
        return "\"" + text + "\" is no timestamp: the form is 2026-03-01T12:00:00.000000000Z, with all nine digits";
    }

    /** Returns the timestamp as an instant, for a clock to compare and wait for. */
    public Instant instant() {
        return Instant.ofEpochSecond(0, epochNanos);
    }

    /** Tells whether this comes before {@code other} in the order. */
    public boolean isBefore(HybridTimestamp other) {
        return epochNanos < other.epochNanos;
    }

    @Override
    public int compareTo(HybridTimestamp other) {
        return Long.compare(epochNanos, other.epochNanos);
    }

    /** Returns ISO 8601 in UTC with nine decimals, such as {@code 2026-03-01T12:00:00.000000001Z}. */
    @Override
    public String toString() {
        return TEXT.format(instant());
    }
}
