/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import java.util.Optional;

/**
 * What a time source says of one of the servers or reference clocks that it measures. For people: no bound rests on it.
 *
 * @param id the reference id that a clock has which follows it; {@link ReferenceId#NONE} when that is not known
 * @param name its address, or the name of a reference clock
 * @param role what the time source makes of it
 * @param stratum its distance from the primary reference, 0 for a reference clock
 * @param reach one bit for each of the last eight requests to it, 1 where it replied
 * @param measurement its newest measurement, if there is one
 */
public record SourceState(
        ReferenceId id, String name, Role role, int stratum, int reach, Optional<Measurement> measurement) {

    /** What a time source makes of one of its sources. */
    public enum Role {
        /** The clock follows it. */
        FOLLOWED,
        /** It is combined with the followed one. */
        COMBINED,
        /** It is good enough, and not followed. */
        CANDIDATE,
        /** It contradicts the majority. */
        FALSETICKER,
        /** Its measurements vary too much. */
        JITTERY,
        /** It cannot be used, for example because it does not reply. */
        UNUSABLE
    }

    /** Tells whether it replied to any of the last eight requests. */
    public boolean isHeard() {
        return reach != 0;
    }

    /** Tells whether it replied to each of the last eight requests. */
    public boolean isHeardForLong() {
        return reach == 0xFF;
    }
}
