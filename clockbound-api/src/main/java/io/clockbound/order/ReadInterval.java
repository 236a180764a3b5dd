/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

/**
 * The timestamps that a read, which begins now, must see, and those that it may have to see.
 *
 * <p>A version up to {@link #at} is seen. One after {@link #until} was written after the read began, so not to see it
 * is right. One in between may have been written before: the read is restarted at its timestamp and then sees it.
 * Restarts end, because {@code until} stays where it is.
 *
 * <p>Immutable and thread-safe.
 *
 * @param atNanos the read's own timestamp, nanoseconds since the Unix epoch
 * @param untilNanos the upper end of the uncertainty, nanoseconds since the Unix epoch; not below {@code atNanos}
 */
public record ReadInterval(long atNanos, long untilNanos) {

    /** Checks the order of the two. */
    public ReadInterval {
        if (atNanos < 0 || untilNanos < atNanos || untilNanos > HybridTimestamp.MAX_NANOS) {
            throw new IllegalArgumentException("a read at " + atNanos + " ns that is uncertain until " + untilNanos
                    + " ns is not in order: 0 <= at <= until <= " + HybridTimestamp.MAX_NANOS);
        }
    }

    /** Returns the read's own timestamp: every node that serves the read passes it to its {@link HybridClock#receive} first. */
    public HybridTimestamp at() {
        return new HybridTimestamp(atNanos);
    }

    /** Returns the upper end of the uncertainty. */
    public HybridTimestamp until() {
        return new HybridTimestamp(untilNanos);
    }

    /** Tells whether the read has to see what was written with that timestamp. */
    public Certainty sees(HybridTimestamp version) {
        if (version.epochNanos() <= atNanos) {
            return Certainty.YES;
        }
        return version.epochNanos() > untilNanos ? Certainty.NO : Certainty.CANNOT_SAY;
    }

    /**
     * Returns the read as it has to go on after it met an uncertain version: from its beginning, at that version's
     * timestamp.
     *
     * @throws IllegalArgumentException when {@link #sees} does not say {@link Certainty#CANNOT_SAY} of that version
     */
    public ReadInterval restartedAt(HybridTimestamp version) {
        if (sees(version) != Certainty.CANNOT_SAY) {
            throw new IllegalArgumentException("version " + version + " is not after " + at() + " and up to " + until()
                    + ": a read is restarted only for an uncertain version");
        }
        return new ReadInterval(version.epochNanos(), untilNanos);
    }
}
