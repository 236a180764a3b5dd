/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.SourceReply.Change;
import org.jspecify.annotations.Nullable;

/**
 * The evidence in the replies of whether the source's correction is applied to the clock. Immutable.
 *
 * <p>A chronyd without the right to set the clock ({@code -x}, containers) reports as if it had it; only the correction shows
 * the difference. One that is not applied grows exactly as the frequency says. One that is applied is the rest of a slew, and
 * stays or shrinks. A slew that happens to be as fast as the oscillator is wrong looks the same, but not over several
 * updates, because each update sets the speed anew.
 *
 * @param kind what is known
 * @param replies how many replies in a row moved as the frequency says
 * @param updates how many updates in a row did, counting those in which the frequency was large enough to show
 * @param first the first reply that showed the present estimate; the longer ago, the more the frequency shows
 * @param isTelling whether the frequency showed since {@code first}
 */
record DisciplineProof(
        Kind kind, int replies, int updates, @Nullable SourceReply first, boolean isTelling) {

    /** Whether the clock is moved towards the source's estimate. */
    enum Kind {
        /** Not known: the bound must cover both. */
        UNKNOWN,
        /** The correction moved otherwise than the frequency says: it is applied. */
        DISCIPLINED,
        /** The correction moved as the frequency says, over several replies and updates: it is not applied. */
        UNDISCIPLINED
    }

    static final DisciplineProof UNKNOWN = new DisciplineProof(Kind.UNKNOWN, 0, 0, null, false);

    private static final int PROOF_REPLIES = 8;
    private static final int PROOF_UPDATES = 2;

    private static final long SAME_RUN_NANOS = 2_000_000_000;

    /** How many times larger than the tolerance a movement must be before it shows anything. */
    private static final long TELLING = 8;

    /** Returns what is known after another reply. */
    DisciplineProof after(@Nullable SourceReply before, SourceReply now, Change change) {
        if (before == null || first == null) {
            return new DisciplineProof(Kind.UNKNOWN, 0, 0, now, false);
        }
        return switch (change) {
            case NONE -> withinEstimate(first, now);
            case ONE_UPDATE -> {
                boolean isAsSaid = isAsFrequencySays(before, now, now.snapshot().lastOffsetNanos());
                Kind next = kind == Kind.DISCIPLINED || isAsSaid ? kind : Kind.UNKNOWN;
                yield isAsSaid
                        ? new DisciplineProof(next, replies + 1, updates + (isTelling ? 1 : 0), now, false)
                        : new DisciplineProof(next, 0, 0, now, false);
            }
            case UNKNOWN ->
                new DisciplineProof(
                        kind == Kind.DISCIPLINED && isSameRun(before, now) ? kind : Kind.UNKNOWN, 0, 0, now, false);
            case BY_HAND -> new DisciplineProof(Kind.UNKNOWN, 0, 0, now, false);
        };
    }

    /** Tells whether the source cannot have been restarted meanwhile: two updates take longer than that. */
    private static boolean isSameRun(SourceReply before, SourceReply now) {
        return before.snapshot().reference().equals(now.snapshot().reference())
                && now.snapshot().lastUpdateIntervalNanos() > 0
                && now.receivedNanos() - before.askedNanos() <= SAME_RUN_NANOS;
    }

    private DisciplineProof withinEstimate(SourceReply from, SourceReply now) {
        long toleranceNanos = toleranceNanos(from, now);
        if (otherwiseNanos(from, now, 0) > toleranceNanos) {
            boolean isPlain = otherwiseNanos(from, now, 0) > tellingNanos(toleranceNanos);
            return new DisciplineProof(isPlain ? Kind.DISCIPLINED : Kind.UNKNOWN, 0, 0, from, false);
        }
        boolean shows =
                isTelling || NanosRange.distance(saidMovementNanos(from, now), 0) > tellingNanos(toleranceNanos);
        boolean isProved = replies + 1 >= PROOF_REPLIES && updates >= PROOF_UPDATES;
        Kind next = isProved && kind == Kind.UNKNOWN ? Kind.UNDISCIPLINED : kind;
        return new DisciplineProof(next, replies + 1, updates, from, shows);
    }

    /** Returns how large a movement must be to show anything; beyond the range of a long none is. */
    private static long tellingNanos(long toleranceNanos) {
        return toleranceNanos > Long.MAX_VALUE / TELLING ? Long.MAX_VALUE : TELLING * toleranceNanos;
    }

    /** Tells whether the correction moved as it does when nothing is applied, but for an update in between. */
    static boolean isAsFrequencySays(SourceReply from, SourceReply to, long setBackNanos) {
        return otherwiseNanos(from, to, setBackNanos) <= toleranceNanos(from, to);
    }

    /** Returns how far the movement of the correction was from that. */
    private static long otherwiseNanos(SourceReply from, SourceReply to, long setBackNanos) {
        long movedNanos = to.snapshot().correctionNanos() - from.snapshot().correctionNanos() + setBackNanos;
        return NanosRange.distance(movedNanos, saidMovementNanos(from, to));
    }

    /** Returns how far the correction moves between two replies when nothing is applied. */
    private static long saidMovementNanos(SourceReply from, SourceReply to) {
        long betweenNanos = (to.askedNanos() + to.receivedNanos() - from.askedNanos() - from.receivedNanos()) / 2;
        return Math.round(-1e-9 * to.snapshot().frequencyPpb() * betweenNanos);
    }

    /**
     * Returns how far from that an unapplied correction can seem to be: because of rounding, and because the time of a reply is
     * known only to lie between the question and its receipt.
     */
    private static long toleranceNanos(SourceReply from, SourceReply to) {
        long bracketNanos = (to.receivedNanos() - to.askedNanos() + from.receivedNanos() - from.askedNanos()) / 2 + 1;
        long betweenNanos = to.receivedNanos() - from.askedNanos();
        long frequencyPpb = Math.abs(to.snapshot().frequencyPpb());
        long unsurePpb = Math.abs(to.snapshot().frequencyPpb() - from.snapshot().frequencyPpb()) + 1;
        // the time is that of a clock which is wrong by the frequency itself, and chronyd's may be another
        double secondOrderPpb = 2e-9 * frequencyPpb * frequencyPpb;
        double nanos = 1e-9 * frequencyPpb * bracketNanos + 1e-9 * (unsurePpb + secondOrderPpb) * betweenNanos;
        return NanosRange.saturatedSum(
                (long) Math.ceil(nanos),
                from.snapshot().correctionErrorNanos()
                        + to.snapshot().correctionErrorNanos()
                        + to.snapshot().lastOffsetErrorNanos());
    }
}
