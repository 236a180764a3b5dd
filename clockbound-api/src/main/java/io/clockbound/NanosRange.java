/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.util.Optional;

/**
 * A range of nanoseconds, both ends included. Sums saturate at the ends of {@code long}. Immutable.
 *
 * @param minimum the smallest, not greater than the largest
 * @param maximum the largest
 */
record NanosRange(long minimum, long maximum) {

    NanosRange {
        // a sum that overflowed would look narrow
        if (minimum > maximum) {
            throw new IllegalArgumentException(
                    "a range from " + minimum + " to " + maximum + " ns: the minimum must not exceed the maximum");
        }
    }

    static NanosRange around(long middle, long halfWidth) {
        return new NanosRange(saturatedSum(middle, -halfWidth), saturatedSum(middle, halfWidth));
    }

    NanosRange shifted(long by) {
        return new NanosRange(saturatedSum(minimum, by), saturatedSum(maximum, by));
    }

    NanosRange widened(long by) {
        return new NanosRange(saturatedSum(minimum, -by), saturatedSum(maximum, by));
    }

    NanosRange negated() {
        return new NanosRange(negated(maximum), negated(minimum));
    }

    /** Returns the smallest range that contains both. */
    NanosRange hull(NanosRange other) {
        return new NanosRange(Math.min(minimum, other.minimum), Math.max(maximum, other.maximum));
    }

    /** Returns what is in both, if anything is. */
    Optional<NanosRange> intersection(NanosRange other) {
        long from = Math.max(minimum, other.minimum);
        long to = Math.min(maximum, other.maximum);
        return from <= to ? Optional.of(new NanosRange(from, to)) : Optional.empty();
    }

    /** Returns the middle, rounded down. */
    long middle() {
        // halved first, because the sum may exceed a long; the last bits are carried
        return (minimum >> 1) + (maximum >> 1) + (minimum & maximum & 1);
    }

    /** Returns how far the farther end is from the {@link #middle}. */
    long halfWidth() {
        return saturatedSum(maximum, negated(middle()));
    }

    private static long negated(long nanos) {
        return nanos == Long.MIN_VALUE ? Long.MAX_VALUE : -nanos;
    }

    /** Returns |a − b|, at most {@link Long#MAX_VALUE}. */
    static long distance(long a, long b) {
        long difference = saturatedSum(a, negated(b));
        return difference < 0 ? negated(difference) : difference;
    }

    static long saturatedSum(long a, long b) {
        long sum = a + b;
        boolean isOverflow = ((a ^ sum) & (b ^ sum)) < 0;
        return isOverflow ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }
}
