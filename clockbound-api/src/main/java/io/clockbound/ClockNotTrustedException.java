/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/** Thrown instead of an interval while the clock's error is not known, or greater than the caller can use. */
public final class ClockNotTrustedException extends RuntimeException {

    static final String REMEDY =
            "waitUntilTrusted waits until it can be, and read() gives the status without this exception";

    private final ClockStatus status;

    /**
     * Creates the refusal of a clock that has {@code status}.
     *
     * @param detail the reason and the remedy
     */
    public ClockNotTrustedException(ClockStatus status, String detail) {
        super("the clock cannot be trusted: its status is " + status + "; " + detail);
        this.status = status;
    }

    /** Returns the status that the clock had. */
    public ClockStatus status() {
        return status;
    }
}
