/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.testing.Demand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A record that was decoded and is encoded again. Apart from its fuzz target, because HotSpot 17 does not find the fields of
 * an instrumented record that is in the signature of a method of the target itself.
 */
final class SegmentRoundTrip {

    private SegmentRoundTrip() {}

    static void require(ClockErrorBound bound, SegmentLayout layout) throws ProtocolException {
        if (!bound.status().isTrusted() || bound.asOfNanos() < Long.MIN_VALUE / 2) {
            return; // written with a bound of 126 years; or 100 ms before the beginning of time
        }
        ByteBuffer again = ByteBuffer.allocate(layout.bytes()).order(ByteOrder.nativeOrder());
        layout.encodeHeader(again);
        layout.encode(bound, true, again);
        ClockErrorBound decoded = layout.decode(again).bound();
        if (decoded.status() == ClockStatus.UNKNOWN) {
            return; // too wide to be encoded
        }
        Demand.that(decoded.asOfNanos() <= bound.asOfNanos(), "an as-of is not later than it was");
        Demand.that(decoded.voidAfterNanos() == bound.voidAfterNanos(), "a void-after is the same again");
        Demand.that(decoded.maxDriftPpb() == bound.maxDriftPpb(), "a drift is the same again");
        Demand.that(decoded.symmetricBoundNanos() >= bound.symmetricBoundNanos(), "a bound is no narrower again");
        Demand.that(decoded.status() == bound.status(), "a status is the same again");
    }
}
