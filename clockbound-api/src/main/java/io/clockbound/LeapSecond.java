/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The leap second that the source announces for the end of the UTC month.
 *
 * <p>How the wall clock takes it is the source's choice; some ways leave it wrong by a second with nothing to see. So no
 * interval reaches the instant from which Unix time differs, midnight or a second before it, and none is trusted after it
 * until the source has measured anew.
 */
final class LeapSecond {

    private @Nullable Instant leap;

    /** Takes note of what any answer announces, given the latest instant at which it may have been asked for. */
    void note(LeapStatus announced, long latestNanos) {
        Instant due = due(announced, latestNanos);
        leap = due == null ? leap : due;
    }

    /** Tells whether an answer may be used, given the latest instant at which it may have been asked for. */
    boolean admits(ClockSnapshot snapshot, long latestNanos) {
        if (leap == null) {
            return true;
        }
        boolean isBefore = latestNanos < BoundedInstant.epochNanos(leap);
        boolean isOver = snapshot.leap() == LeapStatus.NORMAL
                && (isBefore || snapshot.referenceTime().isAfter(leap));
        if (isOver) {
            leap = null;
        }
        return isBefore || isOver;
    }

    /** Returns when it comes; on any day but the last of a month it has just been. */
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
        if (leap == null) {
            return bound;
        }
        long latestNanos = bound.asOfNanos() + bound.witnessNanos() + bound.boundNanos();
        long gapNanos = BoundedInstant.epochNanos(leap) - latestNanos;
        // the interval grows on its way there, and takes that much less time
        return bound.voidAfter(
                bound.asOfNanos() + gapNanos - ClockErrorBound.growthNanos(gapNanos, bound.maxDriftPpb()) - 1);
    }
}
