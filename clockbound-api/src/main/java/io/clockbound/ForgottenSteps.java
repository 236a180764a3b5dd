/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.SourceReply.Change;
import org.jspecify.annotations.Nullable;

/**
 * What the source may have taken off its estimate without its being done to the clock, since what it measured last. Immutable.
 *
 * <p>It counts where nothing else is known of the wall clock, and until the source has measured anew: what it measured before, of
 * whichever reference, is wrong by as much.
 *
 * @param seen the reply that showed the last one first; null when there was none, or the source has measured since
 * @param nanos the largest sum of all of them
 */
record ForgottenSteps(@Nullable SourceReply seen, long nanos) {

    static final ForgottenSteps NONE = new ForgottenSteps(null, 0);

    /** Returns what is known after another reply, usable or not. */
    ForgottenSteps after(@Nullable SourceReply previous, SourceReply now) {
        boolean isOver = seen == null || (now.hasReference() && now.isMeasuredAfter(seen));
        ForgottenSteps left = isOver ? NONE : this;
        long nowNanos =
                now.since(previous) == Change.BY_HAND ? movedNanos(previous, now) : forgottenNanos(previous, now);
        return nowNanos == 0 ? left : new ForgottenSteps(now, NanosRange.saturatedSum(left.nanos, nowNanos));
    }

    /** Returns by how much the correction was moved by hand. */
    private static long movedNanos(@Nullable SourceReply previous, SourceReply now) {
        return previous == null
                ? 0
                : Math.abs(
                        now.snapshot().correctionNanos() - previous.snapshot().correctionNanos());
    }

    /** Returns the maximum that an update can have forgotten. */
    private static long forgottenNanos(@Nullable SourceReply previous, SourceReply now) {
        if (!now.isUpdateSince(previous) || !now.isOffsetUnexplained(previous)) {
            return 0;
        }
        long leftNanos = 0;
        if (previous != null) {
            long betweenNanos = now.receivedNanos() - previous.askedNanos();
            int frequencyPpb = (int) Math.min(Math.abs(now.snapshot().frequencyPpb()), SourceReply.MAX_SLEW_PPB);
            leftNanos = Math.abs(previous.snapshot().correctionNanos())
                    + ClockErrorBound.growthNanos(betweenNanos, frequencyPpb);
        }
        return leftNanos + Math.abs(now.snapshot().lastOffsetNanos());
    }
}
