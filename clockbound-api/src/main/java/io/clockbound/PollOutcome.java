/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ClockSnapshot;
import java.util.Optional;

/**
 * What came of one question to the time source, or that it is asked.
 *
 * @param result the kind of outcome
 * @param detail the outcome in words, with the remedy when something is wrong; equal outcomes have equal words
 * @param snapshot what the source said, when it said something
 * @param referenceErrorNanos the part of the bound that is the reference clock's own error
 * @param bound what is published because of it
 */
public record PollOutcome(
        Result result,
        String detail,
        Optional<ClockSnapshot> snapshot,
        long referenceErrorNanos,
        ClockErrorBound bound) {

    /** The kinds of outcome. */
    public enum Result {
        /** The question is asked, the answer is not here yet; the bound is what holds if none comes. */
        PENDING,
        /** The source follows its reference. */
        SYNCHRONIZED,
        /** The source answers but has not heard of its reference for long. */
        FREE_RUNNING,
        /** The source says, or shows, that it does not know the time. */
        UNSYNCHRONIZED,
        /** No answer came, or one that cannot be used. */
        NO_ANSWER,
        /** The source follows a reference clock whose own error cannot be told now. */
        REFERENCE_ERROR_UNKNOWN,
        /** The wall clock was stepped, or a disruption is forced. */
        DISRUPTED,
        /** The program has a fault. */
        FAILED
    }
}
