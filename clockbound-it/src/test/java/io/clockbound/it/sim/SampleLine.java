/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The samples of a source and a straight line through them: what the estimate's offset and frequency seem to be. The line uses
 * as many of up to 64 samples as look like one line, so it lags when the frequency has changed.
 */
final class SampleLine {

    /**
     * A sample.
     *
     * @param atNanos true time at which it was taken
     * @param foundNanos the offset that was found, relative to the estimate of that time; positive when that was ahead
     * @param offsetNanos the same relative to the present estimate
     * @param halfDelayNanos half the round trip and half the root delay of the server
     * @param dispersionNanos what else can be wrong with it
     */
    record Sample(long atNanos, double foundNanos, double offsetNanos, double halfDelayNanos, double dispersionNanos) {

        double errorNanos() {
            return halfDelayNanos + dispersionNanos;
        }
    }

    /**
     * What the samples say now.
     *
     * @param offsetNanos the estimate's offset
     * @param driftPpb how fast that grows
     * @param skewPpb how wrong the drift may be
     * @param offsetDeviationNanos how wrong the offset seems to be
     * @param deviationNanos how far the samples are from the line
     * @param halfDelayNanos the smallest of theirs
     */
    record Line(
            double offsetNanos,
            double driftPpb,
            double skewPpb,
            double offsetDeviationNanos,
            double deviationNanos,
            double halfDelayNanos) {}

    private static final int MAX_SAMPLES = 64;
    static final int MIN_SAMPLES = 3;

    /** Of Student's distribution, one-sided 95 %, for 1, 2, … degrees of freedom. */
    private static final double[] STUDENT = {6.31, 2.92, 2.35, 2.13, 2.02, 1.94, 1.89, 1.86, 1.83, 1.81};

    private final List<Sample> samples = new ArrayList<>();
    private double runsNeeded = 1.0;

    /** Sets how strict the line is: how many standard deviations fewer runs of residuals than usual it bears. */
    void bear(double deviations) {
        runsNeeded = deviations;
    }

    void add(Sample sample) {
        samples.add(sample);
        if (samples.size() > MAX_SAMPLES) {
            samples.remove(0);
        }
    }

    void clear() {
        samples.clear();
    }

    int size() {
        return samples.size();
    }

    Sample newest() {
        return samples.get(samples.size() - 1);
    }

    Sample oldest() {
        return samples.get(0);
    }

    /** Moves the estimate to which the offsets are relative, as if it had always had the present frequency. */
    void moveEstimate(double byNanos, double driftByPpb, long nowNanos) {
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            double offset = sample.offsetNanos + byNanos + driftByPpb * 1e-9 * (sample.atNanos - nowNanos);
            samples.set(
                    i,
                    new Sample(
                            sample.atNanos, sample.foundNanos, offset, sample.halfDelayNanos, sample.dispersionNanos));
        }
    }

    /** Returns what the samples say, and forgets those that no longer look like the line; empty when there are too few. */
    Optional<Line> fit(long nowNanos) {
        int count = samples.size();
        if (count < MIN_SAMPLES) {
            return Optional.empty();
        }
        double[] x = new double[count];
        double[] y = new double[count];
        double[] weight = new double[count];
        double minimum = Double.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            minimum = Math.min(minimum, samples.get(i).halfDelayNanos);
        }
        double inverses = 0;
        double dispersion = samples.get(count - 1).dispersionNanos + 1;
        for (int i = 0; i < count; i++) {
            inverses += 1 / (samples.get(i).halfDelayNanos - minimum + dispersion);
        }
        double typical = count / inverses; // which the quick samples decide
        for (int i = 0; i < count; i++) {
            Sample sample = samples.get(i);
            x[i] = 1e-9 * (sample.atNanos - nowNanos);
            y[i] = sample.offsetNanos;
            double deviation = 1 + (sample.halfDelayNanos - minimum) / typical;
            weight[i] = 1 / (deviation * deviation);
        }
        int from = 0;
        Line line = line(x, y, weight, from, typical, minimum);
        while (count - from > MIN_SAMPLES && !looksLikeOne(x, y, from, nowOffset, nowDrift)) {
            from++;
            line = line(x, y, weight, from, typical, minimum);
        }
        samples.subList(0, from).clear();
        return Optional.of(line);
    }

    private double nowOffset;
    private double nowDrift;

    /** The weighted line through the samples from one on. */
    private Line line(double[] x, double[] y, double[] weight, int from, double typical, double minimum) {
        double w = 0;
        double wx = 0;
        double wy = 0;
        int count = x.length - from;
        for (int i = from; i < x.length; i++) {
            w += weight[i];
            wx += weight[i] * x[i];
            wy += weight[i] * y[i];
        }
        double meanX = wx / w;
        double meanY = wy / w;
        double xx = 0;
        double xy = 0;
        for (int i = from; i < x.length; i++) {
            xx += weight[i] * (x[i] - meanX) * (x[i] - meanX);
            xy += weight[i] * (x[i] - meanX) * (y[i] - meanY);
        }
        nowDrift = xx == 0 ? 0 : xy / xx;
        nowOffset = meanY - nowDrift * meanX;
        double squares = 0;
        for (int i = from; i < x.length; i++) {
            double away = y[i] - nowOffset - nowDrift * x[i];
            squares += weight[i] * away * away;
        }
        double deviation = Math.max(Math.sqrt(squares / w * count / (count - 2)), 0.02 * typical);
        double slopeDeviation = xx == 0 ? 1e9 : deviation / Math.sqrt(xx);
        double offsetDeviation = deviation * Math.sqrt(1 / w + (xx == 0 ? 0 : meanX * meanX / xx));
        double skew = slopeDeviation * STUDENT[Math.min(count - 2, STUDENT.length) - 1];
        return new Line(nowOffset, nowDrift, Math.min(skew, 1e9), offsetDeviation, deviation, minimum);
    }

    /** Tells whether the residuals change their sign about as often as those of a line with noise. */
    private boolean looksLikeOne(double[] x, double[] y, int from, double offset, double drift) {
        int runs = 1;
        for (int i = from + 1; i < x.length; i++) {
            boolean isAbove = y[i] > offset + drift * x[i];
            boolean wasAbove = y[i - 1] > offset + drift * x[i - 1];
            runs += isAbove == wasAbove ? 0 : 1;
        }
        int count = x.length - from;
        return runs >= 1 + count / 2.0 - runsNeeded * Math.sqrt(count) / 2;
    }
}
