/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/** Thrown instead of an interval while the clock's error is not known, or greater than the caller can use. */
public final class ClockNotTrustedException extends RuntimeException {

    static final String REMEDY =
            "waitUntilTrusted waits until it can be, and read() gives the status without this exception";

    private final ClockStatus status;
    private final String why;

    /**
     * Creates the refusal of a clock that has {@code status}.
     *
     * @param why the reason and the remedy
     */
    public ClockNotTrustedException(ClockStatus status, String why) {
        super("the clock cannot be trusted: its status is " + status + "; " + why);
        this.status = status;
        this.why = why;
    }

    /** Returns the status that the clock had. */
    public ClockStatus status() {
        return status;
    }

    /** Returns the reason and the remedy. */
    public String why() {
        return why;
    }
}
