/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import java.util.concurrent.TimeUnit;

/** How many lines may be logged: some at once, and then one now and again. For one thread. */
final class LineBudget {

    private static final int AT_ONCE = 20;
    private static final long NANOS_PER_LINE = TimeUnit.SECONDS.toNanos(30);

    private long lines = AT_ONCE;
    private long countedNanos;

    /** Takes one line, if there is one left at this monotonic time. */
    boolean take(long nowNanos) {
        if (lines == AT_ONCE) {
            countedNanos = nowNanos;
        }
        long gained = (nowNanos - countedNanos) / NANOS_PER_LINE;
        lines = Math.min(AT_ONCE, lines + gained);
        countedNanos += gained * NANOS_PER_LINE;
        if (lines == 0) {
            return false;
        }
        lines--;
        return true;
    }
}
