/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

/**
 * A magnitude that chrony's float stands for, in units of which a second or a ppm has so many, by integer arithmetic alone.
 *
 * @param isNegative whether the float is below zero
 * @param floor the largest whole number of units that is not above the magnitude
 * @param ceiling the smallest that is not below; {@link Long#MAX_VALUE} for 2⁶² and more
 */
record ExactFloat(boolean isNegative, long floor, long ceiling) {

    private static final long LIMIT = 1L << 62;

    static ExactFloat nanos(int bits) {
        return of(bits, 1_000_000_000);
    }

    static ExactFloat ppb(int bits) {
        return of(bits, 1_000);
    }

    private static ExactFloat of(int bits, long unitsEach) {
        int exponent = (bits >>> 25) - (bits < 0 ? 128 : 0) - 25;
        int coefficient = (bits & 0x1FF_FFFF) - ((bits & 0x100_0000) == 0 ? 0 : 0x200_0000);
        long units = Math.abs((long) coefficient) * unitsEach; // at most 2^54
        boolean isNegative = coefficient < 0;
        if (exponent >= 0) {
            boolean isTooLarge = units != 0 && units >= LIMIT >> exponent;
            long exact = isTooLarge ? Long.MAX_VALUE : units << exponent;
            return new ExactFloat(isNegative, exact, exact);
        }
        if (exponent < -62) {
            return new ExactFloat(isNegative, 0, units == 0 ? 0 : 1);
        }
        long floor = units >> -exponent;
        return new ExactFloat(isNegative, floor, floor << -exponent == units ? floor : floor + 1);
    }

    /** Tells whether chronyd can have meant a magnitude of so many units at most: its encoding loses up to 2⁻²³ of it. */
    boolean isCoveredBy(long units) {
        return units >= ceiling + (ceiling >> 23) - doubleLoss() - 1;
    }

    /** Tells whether a magnitude of so many units is this one, rounded outward and no further than encoding loses. */
    boolean isRoundedOutwardTo(long units) {
        return isCoveredBy(units) && units >= ceiling - doubleLoss() && units <= ceiling + (ceiling >> 22) + 2;
    }

    /** Tells whether a signed number of units is this one, to within an error that covers what encoding loses. */
    boolean isWithin(long signedUnits, long error) {
        long units = isNegative ? -signedUnits : signedUnits;
        return isCoveredBy(units + error) && units - error <= floor - (floor >> 23) + doubleLoss() + 1;
    }

    boolean isBelow(long units) {
        return ceiling < units;
    }

    /** What arithmetic in doubles may lose. */
    private long doubleLoss() {
        return ceiling >> 51;
    }
}
