/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.ClockStatus;

/**
 * What a lease means to one host at one reading of its clock. Only {@link Held} allows to act, only {@link Over} allows
 * to take over; both exclude each other on all hosts at once. Immutable and thread-safe.
 */
public sealed interface LeaseState {

    /**
     * The lease is this host's, and runs longer than acting takes.
     *
     * @param remainingNanos how much longer than acting takes, at least; greater than 0
     */
    record Held(long remainingNanos) implements LeaseState {}

    /**
     * The lease may still be running, and this host does not hold it, or not long enough: its own holder stops and may
     * renew it, any other host waits.
     *
     * @param waitNanos the time that must pass before it is certainly over, unless the interval narrows; greater than 0
     */
    record NotOver(long waitNanos) implements LeaseState {}

    /** The lease has ended, certainly: any host may take it over, the one that held it included. */
    record Over() implements LeaseState {}

    /**
     * This host's clock cannot be trusted: the holder stops at once, any other host waits.
     *
     * @param status the reason, UNKNOWN or DISRUPTED
     */
    record Untrusted(ClockStatus status) implements LeaseState {}
}
