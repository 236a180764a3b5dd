/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The leap second that the source announces for the coming UTC midnight.
 *
 * <p>How the wall clock takes it is the source's choice; some ways leave it wrong by a second with nothing to see. So no
 * interval reaches the instant from which Unix time differs, midnight or a second before it, and none is trusted after it
 * until the source has measured anew.
 */
final class LeapSecond {

    private static final long DAY_NANOS = 86_400_000_000_000L;

    private @Nullable Instant leap;

    /** Takes note of an answer and tells whether it may be used, given the interval at the time of the question. */
    boolean admits(ClockSnapshot snapshot, long earliestNanos, long latestNanos) {
        if (leap == null) {
            leap = announced(snapshot.leap(), earliestNanos);
        }
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

    private static @Nullable Instant announced(LeapStatus leap, long earliestNanos) {
        Instant midnight = Instant.ofEpochSecond(0, (Math.floorDiv(earliestNanos, DAY_NANOS) + 1) * DAY_NANOS);
        return switch (leap) {
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
