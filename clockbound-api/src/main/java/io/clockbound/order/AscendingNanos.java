/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers that only grow. Lock-free and thread-safe. */
final class AscendingNanos {

    private final AtomicLong last = new AtomicLong(-1);

    long last() {
        return last.get();
    }

    /**
     * Takes the smallest number that is greater than all before and at least {@code floor}.
     *
     * @param ceiling at most {@link HybridTimestamp#MAX_NANOS}
     * @return the number; one above {@code ceiling} was not taken
     */
    long next(long floor, long ceiling) {
        while (true) {
            long previous = last.get();
            long next = Math.max(previous + 1, floor);
            if (next > ceiling || last.compareAndSet(previous, next)) {
                return next;
            }
        }
    }

    /** Makes all later numbers greater than {@code number}. */
    void raise(long number) {
        last.accumulateAndGet(number, Math::max);
    }
}
