/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.Measurement;
import io.clockbound.testing.Demand;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Whatever a SOURCE_DATA reply says, its measurement is refused, or is what chronyd meant, rounded outward. */
public final class SourceDataFuzz {

    private static final int BYTES = 48;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int LARGEST_POLL = 30;

    private SourceDataFuzz() {}

    /** Takes the body of a reply. */
    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer body = ByteBuffer.wrap(Arrays.copyOf(input, BYTES));
        SourceData source = SourceData.decode(body);
        Demand.that(source.isSelected() == (body.getChar(24) == 0), "state 0 alone is selected");
        Demand.that(source.isReferenceClock() == (body.getChar(26) == 2), "mode 2 alone is a reference clock");
        Demand.that(source.isHeard() == (body.getChar(30) != 0), "a source without reach is not heard");
        Demand.that(source.isSameMeasurementAs(source), "a measurement is the same as itself");
        ExactFloat offset = ExactFloat.nanos(body.getInt(40));
        ExactFloat error = ExactFloat.nanos(body.getInt(44));
        Measurement measurement;
        try {
            measurement = source.measurement(Optional.empty());
        } catch (ChronyProtocolException e) {
            long most = ClockSnapshot.MAX_MAGNITUDE >> 3;
            Demand.that(!source.name().isEmpty(), "a source has a name");
            Demand.that(
                    error.isNegative() || !error.isBelow(most) || !offset.isBelow(most) || body.getInt(32) < 0,
                    "only what is negative or too large is refused");
            return;
        }
        Demand.that(!error.isNegative(), "a negative error is refused");
        Demand.that(error.isCoveredBy(measurement.errorNanos()), "the error is rounded up");
        Demand.that(
                offset.isWithin(measurement.offsetNanos(), measurement.errorNanos() - error.floor()),
                "the error covers what the offset lost");
        Demand.that(measurement.id() == body.getInt(36), "a measurement is known by its original offset");
        Demand.that(
                measurement.ageNanos() == (Integer.toUnsignedLong(body.getInt(32)) + 1) * NANOS_PER_SECOND,
                "the age is that of a second that is just over");
        int poll = Math.min(body.getShort(20), LARGEST_POLL);
        Demand.that(
                measurement.pollIntervalNanos()
                        == (poll >= 0 ? NANOS_PER_SECOND << poll : Math.round(Math.scalb(1e9, poll))),
                "the poll interval is a power of two");
    }
}
