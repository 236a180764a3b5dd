/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.it.sim.SampleLine.Sample;

/**
 * The narrowest honest bound: what follows from the same measurements for one who sees everything in a simulated chronyd as it
 * happens, knows to the nanosecond when it measured, and where the wall clock is. It assumes of the oscillator what the
 * operator vouches for and what chronyd states, and nothing else.
 */
final class Oracle implements SimulatedChronyd.Observer {

    private final Timeline time;
    private final HostSetup setup;

    @SuppressWarnings("NullAway.Init") // set before it observes anything
    private SimulatedChronyd chronyd;

    private double lowest = Double.NEGATIVE_INFINITY;
    private double highest = Double.POSITIVE_INFINITY;
    private long atNanos;

    Oracle(Timeline time, HostSetup setup) {
        this.time = time;
        this.setup = setup;
    }

    void watch(SimulatedChronyd watched) {
        chronyd = watched;
    }

    private double ratePpb() {
        return setup.maxClockErrorPpb() + chronyd.skewPpb + Math.abs(chronyd.residualPpb);
    }

    private void grow() {
        double nanos = 1e-9 * ratePpb() * (time.nowNanos() - atNanos);
        lowest -= nanos;
        highest += nanos;
        atNanos = time.nowNanos();
    }

    @Override
    public void sampled(ChronySource source) {
        grow();
        if (source != chronyd.followed) {
            return;
        }
        Sample sample = source.samples.newest();
        double error = sample.errorNanos()
                + source.reference.hiddenNanos
                + source.reference.noiseNanos
                + 1e-9 * ratePpb() * (time.nowNanos() - sample.atNanos());
        double low = sample.offsetNanos() - error;
        double high = sample.offsetNanos() + error;
        boolean isDisjoint = low > highest || high < lowest;
        lowest = isDisjoint ? low : Math.max(lowest, low);
        highest = isDisjoint ? high : Math.min(highest, high);
    }

    @Override
    public void moved(double byNanos) {
        grow();
        lowest += byNanos;
        highest += byNanos;
    }

    @Override
    public void forgotten() {
        lowest = Double.NEGATIVE_INFINITY;
        highest = Double.POSITIVE_INFINITY;
    }

    /** Returns the half width of what it knows now; infinite before the first measurement. */
    double halfWidthNanos() {
        grow();
        return (highest - lowest) / 2;
    }
}
