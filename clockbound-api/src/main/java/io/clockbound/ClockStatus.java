/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/** How far the clock of this host can be trusted. The codes are those of the ClockBound shared-memory segments. */
public enum ClockStatus {
    /** Nothing is known of the clock's error. */
    UNKNOWN(0),
    /** The clock follows its time source, which answers. */
    SYNCHRONIZED(1),
    /** The clock runs on its own for the moment (holdover); its error bound goes on growing and still holds. */
    FREE_RUNNING(2),
    /** The clock was stepped, or the machine was suspended or moved: nothing from before holds. */
    DISRUPTED(3);

    private final int code;

    ClockStatus(int code) {
        this.code = code;
    }

    /** Returns the number that stands for this status in a shared-memory segment. */
    public int code() {
        return code;
    }

    /** Tells whether an interval with this status is promised to contain true time. */
    public boolean isTrusted() {
        return switch (this) {
            case SYNCHRONIZED, FREE_RUNNING -> true;
            case UNKNOWN, DISRUPTED -> false;
        };
    }
}
