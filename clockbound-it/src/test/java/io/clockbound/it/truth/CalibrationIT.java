/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.RecordedChronyd;
import io.clockbound.it.sim.TracedSetup;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The simulated chronyd is not kinder than the real ones of the traces, nor much worse. */
class CalibrationIT {

    private static final int SEEDS = 4;

    /** Less than a second: the replies are recorded once a second, and more often after an update. */
    private static final long SECOND_NANOS = 850_000_000;

    @Test
    void trackingAloneMissesTrueTimeAsOftenAsBesideRealChronyds() throws IOException {
        double allReal = 0;
        double allSimulated = 0;
        for (TracedSetup setup : TracedSetup.values()) {
            double real = recordedShare(setup.trace());
            double simulated = LongStream.range(0, SEEDS)
                    .mapToDouble(setup::missedShare)
                    .average()
                    .orElseThrow();
            assertThat(simulated)
                    .as("share of " + setup.trace() + ", " + real + " in reality")
                    .isBetween(real / 2, 0.01 + real * 2.5);
            allReal += real;
            allSimulated += simulated;
        }
        assertThat(allSimulated / allReal).as("all together").isBetween(0.5, 2.0);
    }

    private static double recordedShare(String name) throws IOException {
        Trace trace;
        try (InputStream gzip = CalibrationIT.class.getResourceAsStream("/traces/" + name + ".trace.gz")) {
            trace = Trace.read(Objects.requireNonNull(gzip, name));
        }
        RecordedChronyd chronyd = new RecordedChronyd();
        long wallErrorNanos = 0;
        long countedNanos = Long.MIN_VALUE / 2;
        int readings = 0;
        int missed = 0;
        for (Trace.Event event : trace.events()) {
            if (event instanceof Trace.Truth truth) {
                wallErrorNanos = truth.wallErrorNanos();
            } else if (event instanceof Trace.Replies replies && event.trueNanos() - countedNanos > SECOND_NANOS) {
                countedNanos = event.trueNanos();
                chronyd.reply(replies.tracking(), replies.sources());
                ClockSnapshot snapshot = chronyd.poll();
                if (snapshot.leap() != LeapStatus.UNSYNCHRONIZED) {
                    readings++;
                    missed += Math.abs(wallErrorNanos) > Replay.trackingBoundNanos(snapshot) ? 1 : 0;
                }
            }
        }
        return (double) missed / readings;
    }
}
