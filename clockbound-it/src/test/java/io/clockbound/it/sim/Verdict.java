/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What came of simulated worlds. */
final class Verdict {

    long worlds;
    double seconds;
    long polls;
    long readings;
    long trusted;

    /** True time was outside. */
    long missed;

    /** Outside while chronyd slewed as no reply had shown yet, and nothing said how fast it may. */
    long exposed;

    /** Outside after chronyd's frequency was more wrong than it states and the operator vouches for. */
    long unvouched;

    /** Outside by the bound that follows from TRACKING alone. */
    long trackingMissed;

    long trackingReadings;
    long minimumMarginNanos = Long.MAX_VALUE;
    long worstNanos;
    final List<String> notes = new ArrayList<>();
    private final double[] ratios;
    private int ratioCount;
    private long ratiosSeen;

    /** Keeps so many widths at most. */
    Verdict(int widths) {
        ratios = new double[widths];
    }

    /** Notes how much wider a bound is than the oracle's; keeps a part of many. */
    void width(double ratio) {
        ratiosSeen++;
        if (ratioCount < ratios.length) {
            ratios[ratioCount++] = ratio;
        } else if (ratiosSeen % 16 == 0) {
            ratios[(int) (ratiosSeen / 16 % ratios.length)] = ratio;
        }
    }

    /** Returns the ratio that a share of the readings does not exceed. */
    double widthQuantile(double share) {
        double[] ascending = Arrays.copyOf(ratios, ratioCount);
        Arrays.sort(ascending);
        return ratioCount == 0 ? 0 : ascending[(int) (share * (ratioCount - 1))];
    }

    void add(Verdict other) {
        worlds += other.worlds;
        seconds += other.seconds;
        polls += other.polls;
        readings += other.readings;
        trusted += other.trusted;
        missed += other.missed;
        exposed += other.exposed;
        unvouched += other.unvouched;
        trackingMissed += other.trackingMissed;
        trackingReadings += other.trackingReadings;
        minimumMarginNanos = Math.min(minimumMarginNanos, other.minimumMarginNanos);
        worstNanos = Math.max(worstNanos, other.worstNanos);
        notes.addAll(other.notes);
        for (int i = 0; i < other.ratioCount; i++) {
            width(other.ratios[i]);
        }
    }
}
