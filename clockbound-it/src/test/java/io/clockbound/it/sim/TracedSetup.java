/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.it.sim.ChronydSetup.LeapMode;
import io.clockbound.spi.LeapStatus;
import java.time.Instant;
import java.util.List;

/**
 * The set-up of a recorded trace, with a simulated chronyd in it: is the bound that follows from its TRACKING alone wrong as often
 * as that of the real one? If it is wrong much less often, the simulation is too kind.
 */
public enum TracedSetup {
    LAN_STEADY("lan-steady", true, 1_000, 12_000, 0, 1000, false),
    LAN_STEP_50_PPM("lan-step50ppm", true, 60_000, 0, 25_000, 1000, false),
    LAN_STEP_10_PPM("lan-step10ppm", true, 12_000, 12_000, 5_000, 500, false),
    LAN_STEP_10_PPM_DEFAULT("lan-step10ppm-default", true, 1_000, 12_000, 5_000, 500, false),
    UNDISCIPLINED("undisciplined", false, 1_000, 12_000, 0, 1000, false),
    UNDISCIPLINED_STEP("undisciplined-step", false, 40_000, 0, 15_000, 500, false),
    REFCLOCK_NOISE("refclock-noise", true, 1_000, 12_000, 0, 1000, true);

    private static final int HOURS = 4;

    private final String trace;
    private final boolean isDisciplining;
    private final long maxClockErrorPpb;
    private final long centrePpb;
    private final long awayPpb;
    private final long everySeconds;
    private final boolean isClock;

    TracedSetup(
            String trace,
            boolean isDisciplining,
            long maxClockErrorPpb,
            long centrePpb,
            long awayPpb,
            long everySeconds,
            boolean isClock) {
        this.trace = trace;
        this.isDisciplining = isDisciplining;
        this.maxClockErrorPpb = maxClockErrorPpb;
        this.centrePpb = centrePpb;
        this.awayPpb = awayPpb;
        this.everySeconds = everySeconds;
        this.isClock = isClock;
    }

    /** Returns the name of the trace. */
    public String trace() {
        return trace;
    }

    /** Returns how often the bound by TRACKING alone misses true time: the share of readings, once a second. */
    public double missedShare(long seed) {
        Timeline time = new Timeline(seed, Instant.parse("2026-03-01T12:00:00Z"));
        Reference reference = isClock
                ? Reference.clock(time, 8_000, 0, 0)
                : Reference.server(0, new NetworkPath(time, 100_000, 15_000, 0, 0), 0, 1_000);
        SimulatedChronyd chronyd = new SimulatedChronyd(time, setup(), List.of(reference), new Unobserved());
        chronyd.start(false);
        turn(time, awayPpb);
        long readings = 0;
        long missed = 0;
        for (int second = 0; second < HOURS * 3600; second++) {
            time.advance(Timeline.SECOND);
            TrackingReply tracking = chronyd.replies.tracking();
            if (tracking.leap() == LeapStatus.NORMAL) {
                double bound = Math.abs(tracking.correctionSeconds())
                        + tracking.rootDispersionSeconds()
                        + tracking.rootDelaySeconds() / 2;
                readings++;
                missed += Math.abs(1e-9 * time.clock.wallErrorNanos()) > bound ? 1 : 0;
            }
        }
        return (double) missed / readings;
    }

    private ChronydSetup setup() {
        return new ChronydSetup(
                isDisciplining,
                true,
                maxClockErrorPpb,
                83_333_000,
                Long.MAX_VALUE,
                0,
                Long.MAX_VALUE,
                false,
                false,
                isClock ? 0 : 4,
                isClock ? 0 : 6,
                2.2,
                LeapMode.SYSTEM,
                ChronydSetup.RUNS_BORNE);
    }

    private void turn(Timeline time, long ppb) {
        time.clock.oscillateAt(centrePpb + ppb);
        time.after(everySeconds * Timeline.SECOND, () -> turn(time, -ppb));
    }

    private static final class Unobserved implements SimulatedChronyd.Observer {

        @Override
        public void sampled(ChronySource source) {}

        @Override
        public void moved(double byNanos) {}

        @Override
        public void forgotten() {}
    }
}
