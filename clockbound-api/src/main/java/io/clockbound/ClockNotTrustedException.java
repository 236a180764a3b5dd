/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/** Thrown instead of an interval while the clock's error is not known, or greater than the caller can use. */
public final class ClockNotTrustedException extends RuntimeException {

    private static final String UNTRUSTED = "the clock cannot be trusted: its status is ";

    private final ClockStatus status;
    private final String why;
    private final String fact;

    /**
     * Creates the refusal of a clock that has {@code status}.
     *
     * @param why the reason and the remedy
     */
    public ClockNotTrustedException(ClockStatus status, String why) {
        this(status, UNTRUSTED + status, why, "");
    }

    private ClockNotTrustedException(ClockStatus status, String fact, String why, String callersRemedy) {
        super(fact + "; " + why + callersRemedy);
        this.status = status;
        this.why = why;
        this.fact = fact;
    }

    /** Returns the refusal of a clock whose reason mends nothing: the message says what the caller of {@code now()} can do. */
    static ClockNotTrustedException ofNow(ClockStatus status, String why) {
        return new ClockNotTrustedException(
                status,
                UNTRUSTED + status,
                why,
                "; waitUntilTrusted waits until it can be, and read() gives the status without this exception");
    }

    /**
     * Returns the refusal of an interval that is trusted, but wider than the caller can use. Its status is UNKNOWN, because
     * nothing can be concluded from such an interval.
     *
     * @param why how wide it is, and the remedy
     */
    public static ClockNotTrustedException ofTooWide(BoundedInstant now, String why) {
        return new ClockNotTrustedException(
                ClockStatus.UNKNOWN, "the clock is trusted, its status is " + now.status() + ", but too wide", why, "");
    }

    /** Returns the status that the clock had; UNKNOWN where its interval was trusted, but too wide. */
    public ClockStatus status() {
        return status;
    }

    /** Returns the reason and the remedy. */
    public String why() {
        return why;
    }

    /** Returns the message without what concerns only a caller of {@code now()}. */
    String withoutCallersRemedy() {
        return fact + "; " + why;
    }
}
