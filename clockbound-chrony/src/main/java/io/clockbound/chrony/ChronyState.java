/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.LocalClock;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What chronyd says of its clock and of its sources, as it says it: for people. Nothing here is rounded outward, so that no
 * bound may be made of it. Immutable.
 *
 * @param askedNanos monotonic time when it was asked
 * @param reference the id of the source that it follows
 * @param followed address of the server that it follows; empty when there is none
 * @param stratum its distance from the primary reference, 0 when not synchronised
 * @param leap the announced leap second
 * @param correctionSeconds what must be added to the local clock
 * @param lastOffsetSeconds what the last update found; positive when the clock was fast
 * @param rmsOffsetSeconds root mean square of those
 * @param residualFrequencyPpm the part of the frequency that is not yet corrected
 * @param skewPpm error bound of the frequency
 * @param rootDelaySeconds round-trip delay to the primary reference
 * @param rootDispersionSeconds error relative to the primary reference, at the instant of the reply
 * @param lastUpdateIntervalSeconds time between the last two updates
 * @param sources its servers and reference clocks
 * @param sourcesRefused why it does not tell of its sources, if it does not
 */
public record ChronyState(
        long askedNanos,
        ReferenceId reference,
        String followed,
        int stratum,
        LeapStatus leap,
        double correctionSeconds,
        double lastOffsetSeconds,
        double rmsOffsetSeconds,
        double residualFrequencyPpm,
        double skewPpm,
        double rootDelaySeconds,
        double rootDispersionSeconds,
        double lastUpdateIntervalSeconds,
        List<ChronySource> sources,
        Optional<String> sourcesRefused) {

    public ChronyState {
        sources = List.copyOf(sources);
    }

    static ChronyState ask(Exchange chronyd, LocalClock clock) throws IOException {
        long askedNanos = clock.monotonicNanos();
        Tracking tracking = Tracking.decode(chronyd.ask(Request.TRACKING));
        List<ChronySource> sources = new ArrayList<>();
        Optional<String> refused = Optional.empty();
        try {
            addSources(chronyd, sources);
        } catch (ChronyRefusal e) {
            refused = Optional.of(String.valueOf(e.getMessage()));
        }
        return new ChronyState(
                askedNanos,
                tracking.reference(),
                tracking.address().isServer() ? tracking.address().toString() : "",
                tracking.stratum(),
                tracking.leap(),
                tracking.correctionSeconds(),
                tracking.lastOffsetSeconds(),
                tracking.rmsOffsetSeconds(),
                tracking.residualFrequencyPpm(),
                tracking.skewPpm(),
                tracking.rootDelaySeconds(),
                tracking.rootDispersionSeconds(),
                tracking.lastUpdateIntervalSeconds(),
                sources,
                refused);
    }

    private static void addSources(Exchange chronyd, List<ChronySource> sources) throws IOException {
        int count = chronyd.ask(Request.N_SOURCES).getInt(0);
        for (int index = 0; index < count; index++) {
            try {
                ByteBuffer body = chronyd.ask(Request.sourceData(index));
                sources.add(ChronySource.of(SourceData.decode(body), body));
            } catch (ChronyRefusal e) {
                if (e.status() != ChronyRefusal.NO_SUCH_SOURCE) { // it went since they were counted
                    throw e;
                }
            }
        }
    }

    /** Tells whether the clock follows a server or a reference clock, or says that it does. */
    public boolean isSynchronized() {
        return leap != LeapStatus.UNSYNCHRONIZED && !reference.equals(ReferenceId.NONE);
    }

    /** Tells whether another state is of the same update of the clock, so that only time has passed between the two. */
    public boolean isSameUpdateAs(ChronyState other) {
        return reference.equals(other.reference)
                && lastOffsetSeconds == other.lastOffsetSeconds
                && residualFrequencyPpm == other.residualFrequencyPpm
                && skewPpm == other.skewPpm;
    }
}
