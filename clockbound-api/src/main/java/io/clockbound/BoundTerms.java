/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the half width of a new bound is made of, in nanoseconds. Its {@link #sumNanos} is the half width at as-of; from then on
 * the bound grows by its drift. {@link Estimate} has the argument for each term.
 *
 * @param measurementNanos error of the newest measurement: half its delay and its dispersion; the root distance where a source
 *     tells only an estimate; 0 when the source tells neither and the bound rests on earlier polls
 * @param referenceNanos error of the reference clock itself, 0 when a provider or an operator says so; empty when the source
 *     follows a server, whose error is in the measurement
 * @param ageNanos what the estimate can have run off since the measurement
 * @param earlierNanos what earlier polls add: less than 0 where they narrow the bound, more where the source may have forgotten a
 *     correction
 * @param correctionNanos half of the correction where the wall clock may be slewed by it, for it may then be anywhere on the way; 0
 *     where none is applied
 * @param comparisonNanos how far the comparison of the two clocks can be wrong, and the roundings
 */
public record BoundTerms(
        long measurementNanos,
        OptionalLong referenceNanos,
        long ageNanos,
        long earlierNanos,
        long correctionNanos,
        long comparisonNanos) {

    /** Returns the half width at as-of, nanoseconds. */
    long sumNanos() {
        return measurementNanos
                + referenceNanos.orElse(0)
                + ageNanos
                + earlierNanos
                + correctionNanos
                + comparisonNanos;
    }

    /**
     * Returns what the half width is made of at an instant, by name, in nanoseconds; together it is the half width. Beside these
     * terms there are {@code growth} since as-of, and {@code unseen}: what the published bound was widened by where the clock may
     * have moved since these terms were found.
     *
     * @param published the bound that readers have
     */
    public Map<String, Long> byNameAt(ClockErrorBound published, long monotonicNanos) {
        Map<String, Long> named = new LinkedHashMap<>();
        named.put("measurement", measurementNanos);
        referenceNanos.ifPresent(nanos -> named.put("reference", nanos));
        named.put("age", ageNanos);
        named.put("earlier", earlierNanos);
        named.put("correction", correctionNanos);
        named.put("comparison", comparisonNanos);
        named.put("unseen", published.boundNanos() - sumNanos());
        named.put("growth", published.boundNanosAt(monotonicNanos) - published.boundNanos());
        return named;
    }
}
