/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.ClockStatus;
import io.clockbound.SourceList;
import io.clockbound.spi.ReferenceId;
import java.util.LinkedHashMap;
import java.util.Map;

/** Something that became different at a poll. Immutable. */
sealed interface Change {

    /** Returns when, nanoseconds since the Unix epoch by the wall clock, which promises nothing. */
    long epochNanos();

    /** Returns when, monotonic time. */
    long atNanos();

    /**
     * Returns it as members of a JSON object.
     *
     * @param endNanos monotonic time of what ended the state that it began, or now
     * @param sources has the names of the sources
     */
    Map<String, Object> members(long endNanos, SourceList sources);

    /**
     * A change of the published status.
     *
     * @param why what the poll found, or that none found anything in time
     */
    record OfStatus(long epochNanos, long atNanos, ClockStatus from, ClockStatus to, String why) implements Change {

        @Override
        public Map<String, Object> members(long endNanos, SourceList sources) {
            return Change.members(this, endNanos, from.name(), to.name(), why);
        }
    }

    /** A change of the source that the clock follows. */
    record OfSource(long epochNanos, long atNanos, ReferenceId from, ReferenceId to) implements Change {

        @Override
        public Map<String, Object> members(long endNanos, SourceList sources) {
            return Change.members(
                    this,
                    endNanos,
                    from.equals(ReferenceId.NONE) ? "none" : sources.nameOf(from),
                    sources.nameOf(to),
                    "the time source follows another source");
        }
    }

    private static Map<String, Object> members(Change change, long endNanos, String from, String to, String why) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("at_epoch_ns", change.epochNanos());
        members.put("what", change instanceof OfStatus ? "status" : "source");
        members.put("from", from);
        members.put("to", to);
        members.put("lasted_ns", endNanos - change.atNanos());
        members.put("why", why);
        return members;
    }
}
