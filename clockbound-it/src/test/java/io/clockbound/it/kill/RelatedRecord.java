/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.kill;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.Witness;
import java.util.Optional;

/**
 * Records of which every number follows from the as-of, so that one that is mixed of two shows it; judge.c knows the rule, too.
 * They hold for a machine whose wall clock is true time.
 */
final class RelatedRecord {

    /** The narrowest half width: far more than two clocks can be apart when they are compared. */
    static final long MIN_BOUND_NANOS = 200_000;

    private static final long LIFE_NANOS = 1_000_000_000_007L;

    private RelatedRecord() {}

    /** Returns a poll made just now. */
    static PollOutcome now(LocalClock local) {
        Witness witness = Witness.take(local);
        long asOf = witness.takenNanos();
        return outcome(
                Result.SYNCHRONIZED,
                new ClockErrorBound(
                        asOf,
                        asOf + LIFE_NANOS,
                        0,
                        MIN_BOUND_NANOS + asOf % 1_000_003,
                        (int) (1_000 + asOf % 997),
                        ClockStatus.SYNCHRONIZED,
                        witness.nanos(),
                        null));
    }

    /** Returns a first poll to which no reply came. */
    static PollOutcome unanswered() {
        return outcome(Result.NO_ANSWER, ClockErrorBound.unknown());
    }

    private static PollOutcome outcome(Result result, ClockErrorBound bound) {
        return new PollOutcome(result, "", "", Optional.empty(), Optional.empty(), bound, bound.voidAfterNanos(), 0);
    }
}
