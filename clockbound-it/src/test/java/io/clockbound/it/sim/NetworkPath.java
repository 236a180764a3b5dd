/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

/** The way to a server and back. What it costs differs from packet to packet. */
final class NetworkPath {

    private final Timeline time;
    private final double baseNanos;
    private final double jitterNanos;
    private final double tailProbability;
    private final double tailNanos;
    private long extraNanos;
    private boolean isExtraOutward;
    private double loss;

    NetworkPath(Timeline time, double baseNanos, double jitterNanos, double tailProbability, double tailNanos) {
        this.time = time;
        this.baseNanos = baseNanos;
        this.jitterNanos = jitterNanos;
        this.tailProbability = tailProbability;
        this.tailNanos = tailNanos;
    }

    /** Draws a path: a quiet local network, a wide area network, or one whose delays have a long tail. */
    static NetworkPath draw(Timeline time) {
        double base = time.logUniform(20_000, 30_000_000);
        double jitter = base * time.between(0.01, 0.5);
        return time.isOneIn(3)
                ? new NetworkPath(time, base, jitter, 0.1, base * 3)
                : new NetworkPath(time, base, jitter, 0, 0);
    }

    /** Makes one way longer from now on. */
    void lengthen(long nanos, boolean isOutward) {
        extraNanos = nanos;
        isExtraOutward = isOutward;
    }

    void lose(double probability) {
        loss = probability;
    }

    void heal() {
        loss = 0;
        extraNanos = 0;
    }

    boolean isLost() {
        return loss > 0 && time.is(loss);
    }

    /** Returns how long the next packet takes. */
    long delayNanos(boolean isOutward) {
        double nanos = baseNanos + time.exponential(jitterNanos);
        if (tailProbability > 0 && time.is(tailProbability)) {
            nanos += time.exponential(tailNanos);
        }
        return Math.round(nanos) + (isOutward == isExtraOutward ? extraNanos : 0);
    }
}
