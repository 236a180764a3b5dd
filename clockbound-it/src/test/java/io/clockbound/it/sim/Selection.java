/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.it.sim.SampleLine.Line;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which source a simulated chronyd follows, and what the sources say together. It keeps to the one that it has, even a dead one
 * for as long as another has samples from the time when that one lived.
 *
 * @param selected null when there is no majority, or nobody to follow
 * @param agreeing the sources that agree with each other
 */
record Selection(@Nullable ChronySource selected, List<ChronySource> agreeing) {

    /** How much nearer another source has to be. */
    private static final double BETTER = 3;

    /** How much farther than the selected one a source may be to be combined with it. */
    private static final double COMBINED = 3;

    static Selection among(List<ChronySource> sources, @Nullable ChronySource followed) {
        List<ChronySource> candidates = new ArrayList<>();
        for (ChronySource source : sources) {
            if (source.line.isPresent() && !isOutlived(source, sources)) {
                candidates.add(source);
            }
        }
        List<ChronySource> agreeing = majority(candidates);
        ChronySource best = followed != null && agreeing.contains(followed) ? followed : null;
        for (ChronySource source : agreeing) {
            if (best == null || source.distanceNanos() * BETTER < best.distanceNanos()) {
                best = source;
            }
        }
        return new Selection(best, agreeing);
    }

    /** Tells whether another source is heard whose samples are all newer than the last one of this silent one. */
    private static boolean isOutlived(ChronySource silent, List<ChronySource> sources) {
        if (silent.reach != 0) {
            return false;
        }
        for (ChronySource source : sources) {
            if (source.reach != 0
                    && source.line.isPresent()
                    && source.samples.oldest().atNanos()
                            > silent.samples.newest().atNanos()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the sources whose intervals have a point in common, if they are more than half of all. */
    private static List<ChronySource> majority(List<ChronySource> candidates) {
        List<ChronySource> largest = List.of();
        for (ChronySource one : candidates) {
            double point = one.line.orElseThrow().offsetNanos() - one.distanceNanos();
            List<ChronySource> around = new ArrayList<>();
            for (ChronySource other : candidates) {
                double offset = other.line.orElseThrow().offsetNanos();
                if (Math.abs(offset - point) <= other.distanceNanos() * (1 + 1e-12)) {
                    around.add(other);
                }
            }
            largest = around.size() > largest.size() ? around : largest;
        }
        return largest.size() * 2 > candidates.size() ? largest : List.of();
    }

    /** Returns the mean of what the agreeing sources say, as chronyd does: the error of it is the selected one's alone. */
    Line combined() {
        if (selected == null) {
            throw new IllegalStateException("nothing is selected");
        }
        Line own = selected.line.orElseThrow();
        double weights = 0;
        double offset = 0;
        double drift = 0;
        for (ChronySource source : agreeing) {
            Line line = source.line.orElseThrow();
            if (source == selected
                    || (source.reach != 0 && source.distanceNanos() <= COMBINED * selected.distanceNanos())) {
                double weight = 1 / source.distanceNanos();
                weights += weight;
                offset += weight * line.offsetNanos();
                drift += weight * line.driftPpb();
            }
        }
        return new Line(
                offset / weights,
                drift / weights,
                own.skewPpb(),
                own.offsetDeviationNanos(),
                own.deviationNanos(),
                own.halfDelayNanos());
    }
}
