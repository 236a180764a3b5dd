/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import io.clockbound.Witness;
import io.clockbound.testing.Demand;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * What a reader may say of the bytes of a segment at most: the tables of docs/PROTOCOL.md once more, in unlimited integers and
 * without any code of the product.
 *
 * @param copy the bytes that the reader saw under one generation
 * @param fileBytes the size of the file
 * @param own the reader's comparison of its clocks when it saw them
 */
record SegmentModel(ByteBuffer copy, long fileBytes, Witness own) {

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long TICK_NANOS = 10_000_000;
    private static final long TOLERATED_STEP_NANOS = 3_000_000;
    private static final long TOLERATED_WITNESS_NANOS = 10_000;
    private static final int EXTENSION = 80;
    private static final int CHECK = 128;
    private static final int END = 136;

    /** Demands of a reading that it is not trusted, or at least as wide as these bytes say. */
    void requireOf(BoundedInstant reading, LocalClock local) {
        Demand.that(isFulfilledBy(reading, local), "a reading is trusted only where its bytes say so, and no narrower");
    }

    boolean isFulfilledBy(BoundedInstant reading, LocalClock local) {
        if (!reading.status().isTrusted()) {
            return reading.earliestNanos() == Long.MIN_VALUE && reading.latestNanos() == Long.MAX_VALUE;
        }
        long now = local.monotonicNanos();
        if (!isTrusted(now) || isStepped(local, now)) {
            return false;
        }
        BigInteger age = big(now).subtract(asOf()).max(BigInteger.ZERO);
        BigInteger growth = ceiling(age.multiply(big(Integer.toUnsignedLong(drift()))));
        BigInteger middle = big(now).add(big(witness()));
        BigInteger half = growth.add(big(own.errorNanos()));
        if (isOurs()) {
            middle = middle.add(big(copy.getLong(96)));
            half = half.add(big(copy.getLong(104))).add(big(apart()));
        } else {
            half = half.add(big(copy.getLong(48)).max(BigInteger.ONE));
        }
        half = half.min(big(Long.MAX_VALUE)); // 292 years: there is nothing wider
        boolean isLongEnough = big(reading.earliestNanos()).compareTo(middle.subtract(half)) <= 0
                || reading.earliestNanos() == Long.MIN_VALUE;
        return isLongEnough
                && (big(reading.latestNanos()).compareTo(middle.add(half)) >= 0
                        || reading.latestNanos() == Long.MAX_VALUE);
    }

    private boolean isTrusted(long now) {
        int status = copy.getInt(isLayout1() ? 64 : 68);
        boolean isAllowed = isSegment() && (status == 1 || status == 2) && isTime(16) && isTime(32);
        return isAllowed
                && copy.getLong(48) >= 0
                && Integer.toUnsignedLong(drift()) < NANOS_PER_SECOND
                && asOf().subtract(big(now)).compareTo(big(TICK_NANOS)) <= 0
                && big(now).compareTo(time(32)) <= 0
                && (!isOurs() || isOursValid());
    }

    private boolean isOursValid() {
        long apart = apart();
        boolean isSame = 0 <= apart && apart <= own.errorNanos() + TOLERATED_WITNESS_NANOS;
        return isSame && copy.getLong(104) > 0 && copy.getLong(96) != Long.MIN_VALUE;
    }

    /** Tells whether a reader has to compare the record with the VMClock. */
    boolean isVmClockNeeded() {
        return isOurs() ? copy.getLong(120) != 0 : !isLayout1() && copy.get(72) != 0;
    }

    private boolean isStepped(LocalClock local, long now) {
        BigInteger away = big(local.epochNanos()).subtract(big(now)).subtract(big(witness()));
        return away.abs().compareTo(big(TOLERATED_STEP_NANOS)) > 0;
    }

    private boolean isSegment() {
        int version = copy.getShort(12) & 0xff;
        int minimum = (copy.getShort(12) >> 8 & 0xff) == 0 ? version : copy.getShort(12) >> 8 & 0xff;
        boolean isKnown = version == 1 || (version >= 2 && minimum <= 2);
        return copy.getInt(0) == 0x414D5A4E
                && copy.getInt(4) == 0x43420200
                && isKnown
                && size() <= fileBytes
                && size() >= (version == 1 ? 72 : EXTENSION);
    }

    private boolean isLayout1() {
        return (copy.getShort(12) & 0xff) == 1;
    }

    private long size() {
        return Integer.toUnsignedLong(copy.getInt(8));
    }

    private int drift() {
        return copy.getInt(isLayout1() ? 56 : 64);
    }

    private boolean isOurs() {
        return !isLayout1()
                && copy.capacity() >= END
                && size() >= END
                && copy.getLong(EXTENSION) == 0x434C4B424E444A32L
                && copy.getLong(CHECK) == check(copy);
    }

    /** Returns what has to stand at the end of an extension. */
    static long check(ByteBuffer bytes) {
        long check = 0;
        for (int offset = 16; offset < CHECK; offset += Long.BYTES) {
            check = (check ^ bytes.getLong(offset)) * 0x9E3779B97F4A7C15L;
            check ^= check >>> 32;
        }
        return check;
    }

    private long witness() {
        return isOurs() ? copy.getLong(88) : own.nanos();
    }

    /** Returns how far the writer's witness is from the reader's, negative when that is more than there are numbers for. */
    private long apart() {
        BigInteger apart = big(own.nanos()).subtract(big(copy.getLong(88))).abs();
        return apart.bitLength() < Long.SIZE ? apart.longValueExact() : -1;
    }

    private boolean isTime(int offset) {
        long nanos = copy.getLong(offset + 8);
        return 0 <= nanos && nanos < NANOS_PER_SECOND && time(offset).bitLength() < Long.SIZE;
    }

    private BigInteger asOf() {
        return time(16);
    }

    private BigInteger time(int offset) {
        return big(copy.getLong(offset)).multiply(big(NANOS_PER_SECOND)).add(big(copy.getLong(offset + 8)));
    }

    private static BigInteger ceiling(BigInteger nanosTimesPpb) {
        return nanosTimesPpb.add(big(NANOS_PER_SECOND - 1)).divide(big(NANOS_PER_SECOND));
    }

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }
}
