/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

/**
 * What a simulated chronyd would still add to the wall clock, and how it does that: the kernel runs the clock at another
 * frequency until a slew is over. Under {@code -x} nothing is applied, and the correction runs away as fast as the oscillator.
 */
final class Correction {

    private static final long MIN_SLEW_NANOS = Timeline.SECOND;

    private final Timeline time;
    private final ChronydSetup setup;
    private double baseNanos;
    private long sinceNanos;
    private long slewPpb;
    private long slewEndNanos;
    private int slews;
    private long frequencyPpb;

    Correction(Timeline time, ChronydSetup setup) {
        this.time = time;
        this.setup = setup;
        sinceNanos = time.nowNanos();
    }

    double nanos() {
        long movingPpb = setup.isDisciplining() ? slewPpb : frequencyPpb;
        return baseNanos - 1e-9 * movingPpb * (time.nowNanos() - sinceNanos);
    }

    long frequencyPpb() {
        return frequencyPpb;
    }

    void set(double nanos) {
        baseNanos = nanos;
        sinceNanos = time.nowNanos();
    }

    /** Begins anew at the present time. */
    void rebase() {
        set(nanos());
    }

    /** Goes on after a time that did not pass for this machine. */
    void skipTo(long nowNanos) {
        slewEndNanos += nowNanos - sinceNanos;
        sinceNanos = nowNanos;
        planEnd();
    }

    void changeFrequency(long byPpb) {
        rebase();
        frequencyPpb += byPpb;
        tellKernel();
    }

    /** Forgets what it would add. What the kernel has stays; under {@code -x} only a drift file tells the frequency. */
    void restart() {
        slewPpb = 0;
        slews++;
        if (!setup.isDisciplining() && !setup.hasDriftFile()) {
            frequencyPpb = 0;
        }
        set(0);
        tellKernel();
    }

    /** Moves the clock by what is left, in about that time. */
    void slew(long durationNanos) {
        if (!setup.isDisciplining()) {
            return;
        }
        rebase();
        double seconds = 1e-9 * Math.max(MIN_SLEW_NANOS, durationNanos);
        long fastest = Math.round(Math.min(Math.abs(baseNanos) / seconds, (double) setup.maxSlewPpb()));
        slewPpb = baseNanos < 0 ? -fastest : fastest;
        slewEndNanos = slewPpb == 0 ? Long.MAX_VALUE : sinceNanos + Math.round(1e9 * baseNanos / slewPpb);
        tellKernel();
        planEnd();
    }

    private void planEnd() {
        slews++;
        int now = slews;
        if (slewEndNanos != Long.MAX_VALUE && slewPpb != 0) {
            time.after(slewEndNanos - time.nowNanos(), () -> {
                if (now == slews) {
                    endSlew();
                }
            });
        }
    }

    void endSlew() {
        rebase();
        slewPpb = 0;
        slews++;
        tellKernel();
    }

    /** The one who should end the slew does nothing for so long. */
    void hang(long nanos) {
        if (slewPpb != 0) {
            slewEndNanos = Math.max(slewEndNanos, time.nowNanos() + nanos);
            planEnd();
        }
    }

    /** The one who should end the slew is dead. */
    void abandon() {
        slews++;
    }

    private void tellKernel() {
        if (setup.isDisciplining()) {
            time.clock.slewAt(slewPpb - frequencyPpb);
        }
    }
}
