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

    /** Tells whether a later change ends what this one began. */
    default boolean isEndedBy(Change later) {
        return later.getClass() == getClass();
    }

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
            return Change.members(this, "status", endNanos, from.name(), to.name(), why);
        }
    }

    /**
     * Another reason for a status that stays.
     *
     * @param why what the poll found
     */
    record OfReason(long epochNanos, long atNanos, ClockStatus status, String why) implements Change {

        @Override
        public boolean isEndedBy(Change later) {
            return later instanceof OfReason || later instanceof OfStatus;
        }

        @Override
        public Map<String, Object> members(long endNanos, SourceList sources) {
            return Change.members(this, "reason", endNanos, status.name(), status.name(), why);
        }
    }

    /** A change of the source that the clock follows, to {@link ReferenceId#NONE} when the time source says that it has none. */
    record OfSource(long epochNanos, long atNanos, ReferenceId from, ReferenceId to) implements Change {

        @Override
        public Map<String, Object> members(long endNanos, SourceList sources) {
            boolean isNone = to.equals(ReferenceId.NONE);
            return Change.members(
                    this,
                    "source",
                    endNanos,
                    name(from, sources),
                    name(to, sources),
                    "the time source follows " + (isNone ? "none" : "another source"));
        }

        private static String name(ReferenceId id, SourceList sources) {
            return id.equals(ReferenceId.NONE) ? "none" : sources.nameOf(id);
        }
    }

    private static Map<String, Object> members(
            Change change, String what, long endNanos, String from, String to, String why) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("at_epoch_ns", change.epochNanos());
        members.put("what", what);
        members.put("from", from);
        members.put("to", to);
        members.put("lasted_ns", endNanos - change.atNanos());
        members.put("why", why);
        return members;
    }
}
