/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.nio.ByteBuffer;

/**
 * What chronyd says of one of its sources, for people. Immutable.
 *
 * @param name address of a server, or name of a reference clock
 * @param isReferenceClock whether it is a clock of this host
 * @param stratum its distance from the primary reference
 * @param role what chronyd makes of it
 * @param reach one bit for each of the last eight requests to it, 1 where it answered
 * @param pollLog2 log₂ of the time between two requests to it, in seconds
 * @param offsetSeconds what its newest measurement found; positive when the clock is ahead of it
 * @param errorSeconds half the delay plus the dispersion of that measurement
 */
public record ChronySource(
        String name,
        boolean isReferenceClock,
        int stratum,
        Role role,
        int reach,
        int pollLog2,
        double offsetSeconds,
        double errorSeconds) {

    /** What chronyd makes of a source. */
    public enum Role {
        /** The clock follows it. */
        SELECTED,
        /** It cannot be followed now. */
        UNUSABLE,
        /** It disagrees with the majority, or there is no majority. */
        FALSETICKER,
        /** Its measurements vary too much. */
        JITTERY,
        /** It is combined with the selected one. */
        COMBINED,
        /** It could be followed. */
        SELECTABLE
    }

    static ChronySource of(SourceData source, ByteBuffer body) {
        return new ChronySource(
                source.name(),
                source.isReferenceClock(),
                Short.toUnsignedInt(body.getShort(22)),
                role(Short.toUnsignedInt(body.getShort(24))),
                source.reach(),
                source.poll(),
                source.offsetSeconds(),
                source.errorSeconds());
    }

    private static Role role(int state) {
        return switch (state) {
            case 0 -> Role.SELECTED;
            case 2 -> Role.FALSETICKER;
            case 3 -> Role.JITTERY;
            case 4 -> Role.COMBINED;
            case 5 -> Role.SELECTABLE;
            default -> Role.UNUSABLE;
        };
    }

    /** Tells whether it answered one of the last eight requests. */
    public boolean isHeard() {
        return reach != 0;
    }

    /** Tells whether it answered each of the last eight requests. */
    public boolean isHeardForLong() {
        return reach == 0xFF;
    }

    /** Tells whether both can be right: what they measured overlaps. */
    public boolean agreesWith(ChronySource other) {
        return Math.abs(offsetSeconds - other.offsetSeconds) <= errorSeconds + other.errorSeconds;
    }
}
