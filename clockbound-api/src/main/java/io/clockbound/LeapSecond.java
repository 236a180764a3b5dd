/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The leap second that the source announces for the end of the UTC month. Immutable.
 *
 * <p>The source chooses how the wall clock takes it; some ways leave the clock wrong by a second without a visible step. So no
 * interval reaches the instant from which Unix time differs, midnight or a second before it, and none is trusted after it
 * until the source has measured anew.
 *
 * @param due when it comes; null when none is announced
 */
record LeapSecond(@Nullable Instant due) {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    static final LeapSecond NONE = new LeapSecond(null);

    /** Returns what is announced after a reply, given the latest instant at which it may have been asked for. */
    LeapSecond after(LeapStatus announced, long latestNanos) {
        Instant next = due(announced, latestNanos);
        return next == null ? this : new LeapSecond(next);
    }

    /** Tells whether one is announced and has come at an instant, nanoseconds since the Unix epoch. */
    boolean hasCome(long epochNanos) {
        return due != null && epochNanos >= BoundedInstant.epochNanos(due);
    }

    /**
     * Tells whether a reply may be used.
     *
     * @param measuredNanos the earliest instant at which what it rests on may have been measured, as the wall clock shows it
     * @param latestNanos the latest instant at which it may have been asked for
     */
    boolean admits(ClockSnapshot snapshot, long measuredNanos, long latestNanos) {
        return !hasCome(latestNanos) || isOver(snapshot, measuredNanos, latestNanos);
    }

    /**
     * Tells whether nothing is announced any more, and it was called off before it was due, or the source has measured since. An
     * update alone does not show that: a source that turns to another server uses what it measured of that one before.
     */
    boolean isOver(ClockSnapshot snapshot, long measuredNanos, long latestNanos) {
        return due != null
                && snapshot.leap() == LeapStatus.NORMAL
                && (!hasCome(latestNanos)
                        // the wall clock may have missed the second
                        || hasCome(measuredNanos - NANOS_PER_SECOND));
    }

    /** Returns when it comes: the end of this month on its last day; else the end of the month before, so that it has been. */
    private static @Nullable Instant due(LeapStatus announced, long latestNanos) {
        LocalDate today = LocalDate.ofInstant(Instant.ofEpochSecond(0, latestNanos), ZoneOffset.UTC);
        Instant midnight =
                today.plusDays(1).withDayOfMonth(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return switch (announced) {
            case INSERT_SECOND -> midnight;
            case DELETE_SECOND -> midnight.minusSeconds(1);
            case NORMAL, UNSYNCHRONIZED -> null;
        };
    }

    /** Returns the bound, void from the moment at which its interval reaches the announced leap second. */
    ClockErrorBound limit(ClockErrorBound bound) {
        if (due == null) {
            return bound;
        }
        long latestNanos = bound.asOfNanos() + bound.witnessNanos() + bound.correctionNanos() + bound.boundNanos();
        long gapNanos = BoundedInstant.epochNanos(due) - latestNanos;
        // the interval grows on its way there, and takes that much less time
        return bound.voidAfter(
                bound.asOfNanos() + gapNanos - ClockErrorBound.growthNanos(gapNanos, bound.maxDriftPpb()) - 1);
    }
}
