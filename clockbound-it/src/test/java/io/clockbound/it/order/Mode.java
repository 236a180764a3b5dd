/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.BoundedClock;

/** How hosts use their clocks. */
enum Mode {
    /** As the pieces demand. */
    WAITING,
    /** Commits are shown at once, and leases are taken over as soon as they may be over. */
    NOT_WAITING,
    /** Everything waits, but by a clock that claims a hundredth of its bound. */
    LYING;

    /** Tells whether nothing may go wrong. */
    boolean isSound() {
        return this == WAITING;
    }

    boolean waits() {
        return this != NOT_WAITING;
    }

    BoundedClock of(BoundedClock clock) {
        return this == LYING ? new BoastingClock(clock) : clock;
    }
}
