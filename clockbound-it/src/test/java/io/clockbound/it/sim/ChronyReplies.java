/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.it.sim.SampleLine.Sample;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** What a simulated chronyd replies to a request, as bytes. */
final class ChronyReplies {

    private static final double NANOS = 1e9;
    private static final double PPB = 1e3;
    private static final int REFERENCE_CLOCK = 2;
    private static final int COMMAND = 4;
    private static final int TRACKING = 33;
    private static final TrackingReply NO_TRACKING = TrackingReply.unsynchronized();

    private final SimulatedChronyd chronyd;

    ChronyReplies(SimulatedChronyd chronyd) {
        this.chronyd = chronyd;
    }

    /** Returns the reply to a request. */
    byte[] to(byte[] request) {
        boolean isTracking = ByteBuffer.wrap(request).getShort(COMMAND) == TRACKING;
        // what is not asked for need not be made
        Answer answer = isTracking ? Answer.tracking(tracking(), List.of()) : Answer.tracking(NO_TRACKING, sources());
        return answer.to(request).get(0);
    }

    /** Returns what TRACKING says now. */
    TrackingReply tracking() {
        ChronySource followed = chronyd.followed;
        if (followed == null) {
            return NO_TRACKING.withCorrection(chronyd.correctionNanos() / NANOS);
        }
        double grownNanos = 1e-9 * chronyd.dispersionPpb() * (chronyd.time.nowNanos() - chronyd.updatedNanos);
        return new TrackingReply(
                chronyd.leap == LeapStatus.UNSYNCHRONIZED ? ReferenceId.NONE : followed.reference.id,
                2,
                chronyd.leap,
                Instant.ofEpochSecond(0, chronyd.referenceEpochNanos),
                chronyd.correctionNanos() / NANOS,
                chronyd.lastOffsetNanos / NANOS,
                Math.abs(chronyd.lastOffsetNanos) / NANOS,
                chronyd.frequencyPpb() / PPB,
                chronyd.residualPpb / PPB,
                chronyd.skewPpb / PPB,
                chronyd.rootDelayNanos / NANOS,
                (chronyd.rootDispersionNanos + grownNanos) / NANOS,
                chronyd.updateIntervalNanos / NANOS);
    }

    private List<SourceReply> sources() {
        return chronyd.sources.stream().map(this::source).toList();
    }

    private SourceReply source(ChronySource source) {
        boolean isClock = source.reference.isClock();
        boolean isMeasured = source.samples.size() > 0;
        Sample sample = isMeasured ? source.samples.newest() : new Sample(0, 0, 0, 0, 0);
        return new SourceReply(
                address(source),
                source.poll,
                isClock ? 0 : 1,
                source == chronyd.followed ? SourceReply.SELECTED : SourceReply.SELECTABLE,
                isClock ? REFERENCE_CLOCK : 0,
                source.reach,
                isMeasured ? source.sinceSeconds() : SourceReply.NEVER,
                sample.foundNanos() / NANOS,
                sample.offsetNanos() / NANOS,
                sample.errorNanos() / NANOS);
    }

    private static InetAddress address(ChronySource source) {
        return SourceReply.ip(
                ByteBuffer.allocate(4).putInt(source.reference.id.code()).array());
    }
}
