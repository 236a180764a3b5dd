/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import java.util.Optional;

/** Why the status is what it is now, which the last poll alone does not tell. */
final class Why {

    /** Begins the reason for an end of the trust that no poll has brought about. */
    static final String EXPIRED = "no poll has renewed the bound in time; the last one found: ";

    private static final String OVER = "the disruption is over, and the next poll may begin the trust";

    private Why() {}

    /** Returns why a poll that has ended left the clock with that status. */
    static String ofPublished(ClockStatus status, PollOutcome poll) {
        boolean isOver = status == ClockStatus.UNKNOWN && poll.result() == PollOutcome.Result.SYNCHRONIZED;
        return isOver ? OVER : poll.detail();
    }

    /**
     * Returns the reason in words.
     *
     * @param now the status of a reading
     * @param published the status that the last poll published
     * @param last the last poll that has ended
     * @param change the last change of the published status, if there was one
     */
    static String of(ClockStatus now, ClockStatus published, PollOutcome last, Optional<Change.OfStatus> change) {
        return switch (now) {
            case SYNCHRONIZED -> last.detail();
            case FREE_RUNNING -> published == now ? last.detail() : EXPIRED + last.detail();
            case UNKNOWN -> published.isTrusted() ? EXPIRED + last.detail() : ofPublished(published, last);
            case DISRUPTED -> whyDisrupted(published, last, change);
        };
    }

    private static String whyDisrupted(ClockStatus published, PollOutcome last, Optional<Change.OfStatus> change) {
        if (published != ClockStatus.DISRUPTED) {
            return "since the last poll the wall clock was stepped, or this machine was moved or restored from a"
                    + " snapshot";
        }
        if (last.result().isDisruption()) {
            return last.detail();
        }
        return change.map(Change.OfStatus::why).orElse("the clock was disrupted")
                + "; it stays disrupted until the time source has measured it anew";
    }
}
