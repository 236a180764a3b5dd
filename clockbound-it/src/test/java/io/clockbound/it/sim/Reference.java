/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;

/**
 * What a chronyd may follow: an honest server, or a clock of the host. It is wrong by no more than it says, and a clock of the
 * host by no more than the operator or a provider says.
 */
final class Reference {

    final ReferenceId id;
    final NetworkPath path;
    final double rootDelayNanos;
    final double rootDispersionNanos;

    /** The noise of a sample of a clock of the host, which has no path. */
    final double noiseNanos;

    /** What chrony.conf says of the delay of such a clock. */
    final double statedDelayNanos;

    /** How far such a clock can be from true time without chronyd's knowing; beside the noise. */
    double hiddenNanos;

    double errorNanos;
    boolean isAnswering = true;
    LeapStatus leap = LeapStatus.NORMAL;

    private Reference(
            ReferenceId id,
            NetworkPath path,
            double rootDelayNanos,
            double rootDispersionNanos,
            double noiseNanos,
            double statedDelayNanos,
            double hiddenNanos) {
        this.id = id;
        this.path = path;
        this.rootDelayNanos = rootDelayNanos;
        this.rootDispersionNanos = rootDispersionNanos;
        this.noiseNanos = noiseNanos;
        this.statedDelayNanos = statedDelayNanos;
        this.hiddenNanos = hiddenNanos;
    }

    static Reference server(int number, NetworkPath path, double rootDelayNanos, double rootDispersionNanos) {
        ReferenceId id = new ReferenceId(0x0A000001 + number, true);
        return new Reference(id, path, rootDelayNanos, rootDispersionNanos, 0, 0, 0);
    }

    static Reference clock(Timeline time, double noiseNanos, double statedDelayNanos, double hiddenNanos) {
        NetworkPath none = new NetworkPath(time, 0, 0, 0, 0);
        return new Reference(ReferenceId.ofClock("PHC0"), none, 0, 0, noiseNanos, statedDelayNanos, hiddenNanos);
    }

    boolean isClock() {
        return !id.isServer();
    }

    /** Errs otherwise from now on, honestly. */
    void errAnew(Timeline time) {
        double mostNanos = isClock() ? hiddenNanos : rootDelayNanos / 2 + rootDispersionNanos;
        // most of the time at one of the ends
        errorNanos = time.isOneIn(3)
                ? time.between(-mostNanos, mostNanos)
                : (time.random.nextBoolean() ? mostNanos : -mostNanos);
    }

    /** Returns the noise of a sample, within its limit. */
    double nextNoiseNanos(Timeline time) {
        return noiseNanos == 0 ? 0 : Math.max(-1, Math.min(1, time.random.nextGaussian() / 4)) * noiseNanos;
    }
}
