/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.Witness;
import io.clockbound.testing.Demand;
import io.clockbound.testing.SimulatedClock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

/**
 * Whatever bytes a segment of either layout has, they are refused, or read as the tables say; and a record that was decoded and
 * is encoded again is read as the same one.
 *
 * <p>The first byte of the input says whether the check of the extension is set right, as a writer that knows the formula would.
 */
public final class SegmentRecordFuzz {

    private static final SimulatedClock LOCAL = new SimulatedClock(Instant.parse("2026-11-24T00:00:00Z"));

    private SegmentRecordFuzz() {}

    /** Takes a byte, and a segment. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int fileBytes = input.length - 1;
        ByteBuffer bytes =
                ByteBuffer.wrap(Arrays.copyOfRange(input, 1, Math.max(input.length, SegmentLayout.MAX_BYTES) + 1));
        bytes.order(ByteOrder.nativeOrder());
        if ((input[0] & 1) != 0) {
            bytes.putLong(128, SegmentModel.check(bytes));
        }
        Witness own = Witness.take(LOCAL);
        try {
            SegmentLayout layout = SegmentLayout.of(bytes, fileBytes);
            Demand.that(fileBytes >= layout.fileName().length(), "a segment has a header");
            SegmentRecord record = layout.decode(bytes);
            SegmentModel model = new SegmentModel(bytes, fileBytes, own);
            model.requireOf(record.boundWith(own).read(LOCAL), LOCAL);
            SegmentRoundTrip.require(record.bound(), layout);
        } catch (ProtocolException e) {
            Demand.that(e.getMessage() != null, "a refusal has a reason");
        }
    }
}
