/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ClockSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The result of a poll of the time source: how wrong the wall clock can be, and for how long that holds.
 *
 * <p>Immutable. Its readings, {@link #read} and the two ends of it, and {@link Witness} are the only code that pairs the
 * two clocks for a bound.
 *
 * @param asOfNanos monotonic time from which the bound grows
 * @param voidAfterNanos monotonic time after which nothing is known any more
 * @param correctionNanos what must be added to the wall clock to reach the middle of the interval
 * @param boundNanos half width of the interval at as-of, greater than 0
 * @param maxDriftPpb growth of the bound in nanoseconds per second, 0 to 10⁹ − 1
 * @param status the trust at as-of
 * @param witnessNanos wall clock minus monotonic clock at as-of; slews move both alike, so only a step of the wall clock,
 *     a leap second or a suspended machine changes it
 * @param vmClock the counters of the VMClock at as-of; null when no VMClock is watched
 */
public record ClockErrorBound(
        long asOfNanos,
        long voidAfterNanos,
        long correctionNanos,
        long boundNanos,
        int maxDriftPpb,
        ClockStatus status,
        long witnessNanos,
        @Nullable VmClockCounters vmClock) {

    /** A drift of a second per second or more means that nothing is known; readers of the shared segments refuse it. */
    static final int DRIFT_LIMIT_PPB = 1_000_000_000;

    /**
     * How long a bound reads as SYNCHRONIZED without being renewed, in nanoseconds; then it reads as FREE_RUNNING. After the same
     * time silence ends trust, and a bound is void a poll interval and this after it was made.
     */
    public static final long GRACE_NANOS = 5_000_000_000L;

    /** How far the wall clock may be from where it should be before that counts as a step. */
    private static final long STEP_TOLERANCE_NANOS = 2_000_000;

    /** How often a reading looks again before it believes in a step. */
    private static final int SECOND_LOOKS = 3;

    /** One tick of the slowest kernel clock (100 Hz): an as-of further ahead was written in another boot. */
    private static final long TICK_NANOS = 10_000_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /**
     * Multiplied by any {@code int}, this fits a {@code long}: a reading of a younger bound takes one division instead of three.
     */
    private static final long SHORT_NANOS = 4 * NANOS_PER_SECOND;

    /** Checks the ranges. */
    public ClockErrorBound {
        if (boundNanos <= 0) {
            throw new IllegalArgumentException("error bound of " + boundNanos + " ns is not greater than 0");
        }
        if (maxDriftPpb < 0 || maxDriftPpb >= DRIFT_LIMIT_PPB) {
            throw new IllegalArgumentException(
                    "drift of " + maxDriftPpb + " ppb is not between 0 and " + (DRIFT_LIMIT_PPB - 1));
        }
    }

    /** Returns what is known before the first poll: nothing. */
    public static ClockErrorBound unknown() {
        return new ClockErrorBound(0, 0, 0, Long.MAX_VALUE, 0, ClockStatus.UNKNOWN, 0, null);
    }

    /** Returns this with another status. */
    public ClockErrorBound withStatus(ClockStatus other) {
        return new ClockErrorBound(
                asOfNanos, voidAfterNanos, correctionNanos, boundNanos, maxDriftPpb, other, witnessNanos, vmClock);
    }

    /**
     * Returns this for a clock that may be slewed to where a reply says, from where the reply before said; it may be anywhere on
     * the way. Where the way cannot be told, nothing is known.
     */
    ClockErrorBound followedTo(SourceReply reply, @Nullable SourceReply previous) {
        return switch (reply.since(previous)) {
            case NONE -> this;
            case UNKNOWN, BY_HAND -> voidAfter(asOfNanos);
            case ONE_UPDATE -> {
                ClockSnapshot now = reply.snapshot();
                long leftNanos = previous == null ? 0 : previous.snapshot().correctionNanos();
                yield movingBy(NanosRange.saturatedSum(leftNanos, -now.lastOffsetNanos()), now.lastOffsetErrorNanos())
                        .movingBy(now.correctionNanos(), now.correctionErrorNanos());
            }
        };
    }

    /** Returns this for a clock that is being moved by {@code nanos}, and may be anywhere on the way. */
    ClockErrorBound movingBy(long nanos, long errorNanos) {
        NanosRange here = NanosRange.around(correctionNanos, boundNanos);
        NanosRange onTheWay = here.hull(here.shifted(-nanos)).widened(errorNanos);
        return new ClockErrorBound(
                asOfNanos,
                voidAfterNanos,
                onTheWay.middle(),
                onTheWay.halfWidth(),
                maxDriftPpb,
                status,
                witnessNanos,
                vmClock);
    }

    ClockErrorBound withMaxDrift(int ppb) {
        return new ClockErrorBound(
                asOfNanos, voidAfterNanos, correctionNanos, boundNanos, ppb, status, witnessNanos, vmClock);
    }

    ClockErrorBound withVmClock(@Nullable VmClockCounters counters) {
        return new ClockErrorBound(
                asOfNanos, voidAfterNanos, correctionNanos, boundNanos, maxDriftPpb, status, witnessNanos, counters);
    }

    /** Returns this, void after {@code monotonicNanos} at the latest. */
    ClockErrorBound voidAfter(long monotonicNanos) {
        long earlier = voidAfterNanos - monotonicNanos < 0 ? voidAfterNanos : monotonicNanos;
        return new ClockErrorBound(
                asOfNanos, earlier, correctionNanos, boundNanos, maxDriftPpb, status, witnessNanos, vmClock);
    }

    /**
     * Returns the half width of the narrowest interval around the wall clock that contains this one at as-of: for readers
     * that do not know {@link #correctionNanos}.
     */
    public long symmetricBoundNanos() {
        return NanosRange.saturatedSum(boundNanos, Math.absExact(correctionNanos));
    }

    /** Returns the interval that contains true time now; the whole time line when that cannot be known. */
    public BoundedInstant read(LocalClock clock) {
        long monotonicNanos = clock.monotonicNanos();
        return intervalAt(monotonicNanos, statusNow(clock, monotonicNanos));
    }

    /** Returns the interval at a monotonic time at which the trust was {@code seen}; without trust the whole time line. */
    BoundedInstant intervalAt(long monotonicNanos, ClockStatus seen) {
        return seen.isTrusted()
                ? new BoundedInstant(earliestNanosAt(monotonicNanos), latestNanosAt(monotonicNanos), seen)
                : BoundedInstant.unbounded(seen);
    }

    /** Does what {@link #intervalAt} does, without an object. */
    void intervalAt(long monotonicNanos, ClockStatus seen, BoundedReading room) {
        if (seen.isTrusted()) {
            room.set(earliestNanosAt(monotonicNanos), latestNanosAt(monotonicNanos), seen);
        } else {
            room.set(Long.MIN_VALUE, Long.MAX_VALUE, seen);
        }
    }

    /**
     * Returns the lower end of what {@link #read} returns while SYNCHRONIZED, without an object around it.
     *
     * @return {@link Long#MIN_VALUE} when the status of the reading is not SYNCHRONIZED
     */
    public long earliestNanos(LocalClock clock) {
        long monotonicNanos = clock.monotonicNanos();
        return statusNow(clock, monotonicNanos) == ClockStatus.SYNCHRONIZED
                ? earliestNanosAt(monotonicNanos)
                : Long.MIN_VALUE;
    }

    /**
     * Returns the upper end of what {@link #read} returns while SYNCHRONIZED, without an object around it.
     *
     * @return {@link Long#MAX_VALUE} when the status of the reading is not SYNCHRONIZED
     */
    public long latestNanos(LocalClock clock) {
        long monotonicNanos = clock.monotonicNanos();
        return statusNow(clock, monotonicNanos) == ClockStatus.SYNCHRONIZED
                ? latestNanosAt(monotonicNanos)
                : Long.MAX_VALUE;
    }

    /** Returns the trust now: DISRUPTED when the wall clock was stepped since as-of. */
    ClockStatus statusNow(LocalClock clock, long monotonicNanos) {
        ClockStatus aged = statusAt(monotonicNanos);
        return aged.isTrusted() && isStepped(clock, monotonicNanos) ? ClockStatus.DISRUPTED : aged;
    }

    private long earliestNanosAt(long monotonicNanos) {
        return NanosRange.saturatedSum(middleNanosAt(monotonicNanos), -boundNanosAt(monotonicNanos));
    }

    private long latestNanosAt(long monotonicNanos) {
        return NanosRange.saturatedSum(middleNanosAt(monotonicNanos), boundNanosAt(monotonicNanos));
    }

    /** Returns the middle of the interval: the wall clock as it would be without a step, plus the correction. */
    private long middleNanosAt(long monotonicNanos) {
        return monotonicNanos + witnessNanos + correctionNanos;
    }

    /** Returns the half width of the interval at a monotonic time, nanoseconds, rounded up. */
    public long boundNanosAt(long monotonicNanos) {
        return NanosRange.saturatedSum(boundNanos, growthNanos(Math.max(0, monotonicNanos - asOfNanos), maxDriftPpb));
    }

    /** Returns the trust at a monotonic time: the stored one, or less when it is old. */
    public ClockStatus statusAt(long monotonicNanos) {
        long ageNanos = monotonicNanos - asOfNanos;
        if (!status.isTrusted()) {
            return status;
        }
        if (ageNanos < -TICK_NANOS || monotonicNanos - voidAfterNanos > 0) {
            return ClockStatus.UNKNOWN;
        }
        return ageNanos > GRACE_NANOS ? ClockStatus.FREE_RUNNING : status;
    }

    /** Returns what drifting at {@code ppb} for {@code nanos} adds up to, rounded up. */
    static long growthNanos(long nanos, int ppb) {
        if (0 <= nanos && nanos <= SHORT_NANOS) {
            return (nanos * ppb + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
        }
        long seconds = nanos / NANOS_PER_SECOND;
        long rest = nanos % NANOS_PER_SECOND;
        return seconds * ppb + (rest * ppb + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
    }

    /** Tells whether the wall clock is elsewhere than the monotonic clock and the witness say. */
    private boolean isStepped(LocalClock clock, long monotonicNanos) {
        // The coarse clock first: it is cheaper, and almost always enough.
        // It cuts off up to one of the two milliseconds that are tolerated.
        long awayNanos = clock.millis() * NANOS_PER_MILLI - (monotonicNanos + witnessNanos);
        if (Math.abs(awayNanos) <= STEP_TOLERANCE_NANOS) {
            return false;
        }
        // The thread may have lost the processor between the two readings. Only a tight bracket proves that there
        // was no step, and without proof nothing is known.
        for (int i = 0; i < SECOND_LOOKS; i++) {
            long before = clock.monotonicNanos();
            long wallNanos = clock.epochNanos();
            long after = clock.monotonicNanos();
            boolean isNotAhead = wallNanos - (before + witnessNanos) <= STEP_TOLERANCE_NANOS;
            boolean isNotBehind = wallNanos - (after + witnessNanos) >= -STEP_TOLERANCE_NANOS;
            if (isNotAhead && isNotBehind) {
                return false;
            }
        }
        return true;
    }
}
