/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.LocalClock;

/**
 * The monotonic clock of the machine, which all hosts share, read on a host whose own is ahead.
 *
 * @param aheadNanos by so much
 */
record SharedTime(long aheadNanos) {

    long nanos() {
        return LocalClock.system().monotonicNanos() - aheadNanos;
    }
}
