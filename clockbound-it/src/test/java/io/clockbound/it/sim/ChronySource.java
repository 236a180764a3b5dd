/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.it.sim.SampleLine.Line;
import io.clockbound.it.sim.SampleLine.Sample;
import java.util.Optional;

/** One of the sources of a simulated chronyd: it asks it, keeps the samples, and adapts how often it asks. */
final class ChronySource {

    private static final double PRECISION_NANOS = 100;
    private static final int BURST = 4;
    private static final long BURST_NANOS = 2 * Timeline.SECOND;

    final Reference reference;
    final SampleLine samples = new SampleLine();
    private final SimulatedChronyd chronyd;
    private final Timeline time;
    private final ChronydSetup setup;
    private int burst;
    private int steady;
    int poll;
    int reach;
    Optional<Line> line = Optional.empty();

    ChronySource(SimulatedChronyd chronyd, Reference reference, ChronydSetup setup, Timeline time) {
        this.chronyd = chronyd;
        this.reference = reference;
        this.setup = setup;
        this.time = time;
        this.poll = setup.minPoll();
        samples.bear(setup.runsBorne());
    }

    /** Begins to ask, soon. */
    void start(int run) {
        burst = BURST;
        reach = 0;
        poll = setup.minPoll();
        time.after(time.between(100_000_000, Timeline.SECOND), () -> ask(run));
    }

    private void ask(int run) {
        if (!chronyd.isRun(run)) {
            return;
        }
        if (chronyd.isHanging()) {
            time.after(chronyd.hangsForNanos(), () -> ask(run));
            return;
        }
        long intervalNanos = Math.max(Timeline.SECOND, Timeline.SECOND << poll);
        burst = Math.max(0, burst - 1);
        long nextNanos = burst > 0 ? Math.min(BURST_NANOS, intervalNanos) : intervalNanos;
        time.after(nextNanos + time.between(0, nextNanos / 50), () -> ask(run));
        reach = reach << 1 & 0xFF;
        if (!reference.isAnswering || reference.path.isLost()) {
            return;
        }
        if (reference.isClock()) {
            double offset = chronyd.estimateErrorNanos() - reference.errorNanos - reference.nextNoiseNanos(time);
            receive(time.nowNanos(), offset, reference.statedDelayNanos);
            return;
        }
        long outwardNanos = reference.path.delayNanos(true);
        long backNanos = reference.path.delayNanos(false);
        double sentNanos = chronyd.estimateErrorNanos();
        double movedNanos = chronyd.movedNanos();
        double serverNanos = reference.errorNanos;
        long askedAt = time.nowNanos();
        time.after(outwardNanos + backNanos, () -> {
            if (!chronyd.isRun(run) || chronyd.isHanging()) {
                return;
            }
            double receivedNanos = chronyd.estimateErrorNanos();
            // what it did to its own estimate meanwhile, it takes into account
            double sameNanos = sentNanos + chronyd.movedNanos() - movedNanos;
            double delayNanos = outwardNanos + backNanos + receivedNanos - sameNanos;
            double offset = (sameNanos + receivedNanos) / 2 + (backNanos - outwardNanos) / 2.0 - serverNanos;
            if (delayNanos > 0) {
                receive(askedAt + (outwardNanos + backNanos) / 2, offset, delayNanos);
            }
        });
    }

    private void receive(long atNanos, double offset, double delayNanos) {
        reach |= 1;
        if (chronyd.isAroundLeap()) {
            return;
        }
        double dispersion =
                PRECISION_NANOS + reference.rootDispersionNanos + 1e-9 * chronyd.dispersionPpb() * delayNanos;
        samples.add(new Sample(atNanos, offset, offset, delayNanos / 2 + reference.rootDelayNanos / 2, dispersion));
        line = samples.fit(time.nowNanos());
        line.ifPresent(found -> adapt(found, offset));
        chronyd.sampled(this);
    }

    /** Asks more often when the offset is beyond the noise, less often when it was not for some time. */
    private void adapt(Line found, double offset) {
        double noise = Math.max(found.deviationNanos(), samples.newest().errorNanos() / 3);
        if (Math.abs(offset) > 4 * noise) {
            steady = 0;
            poll = setup.minPoll();
        } else if (++steady >= Math.max(3, 12 >> (poll - setup.minPoll())) && poll < setup.maxPoll()) {
            steady = 0;
            poll++;
        }
    }

    /** Forgets its samples. */
    void reset() {
        samples.clear();
        line = Optional.empty();
        burst = BURST;
    }

    void refit() {
        line = samples.fit(time.nowNanos());
    }

    /** Returns how wrong it thinks that the source can be at most. */
    double distanceNanos() {
        Line found = line.orElseThrow();
        return samples.newest().errorNanos() + found.offsetDeviationNanos() + found.deviationNanos();
    }

    /** Returns the whole seconds since the newest sample. */
    long sinceSeconds() {
        return (time.nowNanos() - samples.newest().atNanos()) / Timeline.SECOND;
    }
}
