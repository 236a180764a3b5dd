/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/**
 * A clock whose intervals count only while they are narrow enough.
 *
 * @param clock gives the intervals
 * @param maxHalfWidthNanos greater than 0
 */
record MaxWidthClock(BoundedClock clock, long maxHalfWidthNanos) implements BoundedClock {

    MaxWidthClock {
        if (maxHalfWidthNanos <= 0) {
            throw new IllegalArgumentException("max half width of " + maxHalfWidthNanos + " ns is not greater than 0");
        }
    }

    @Override
    public BoundedInstant now() {
        BoundedInstant now = clock.now();
        if (isTooWide(now)) {
            throw ClockNotTrustedException.ofTooWide(now, why(now));
        }
        return now;
    }

    @Override
    public ClockReport report() {
        ClockReport report = clock.report();
        return isTooWide(report.now())
                ? new ClockReport(BoundedInstant.unbounded(ClockStatus.UNKNOWN), why(report.now()), report.readFrom())
                : report;
    }

    private String why(BoundedInstant tooWide) {
        return "its interval of ±" + tooWide.halfWidthNanos() + " ns is wider than the ±" + maxHalfWidthNanos
                + " ns that the caller can use";
    }

    @Override
    public BoundedInstant read() {
        BoundedInstant now = clock.read();
        return isTooWide(now) ? BoundedInstant.unbounded(ClockStatus.UNKNOWN) : now;
    }

    private boolean isTooWide(BoundedInstant now) {
        return now.status().isTrusted() && now.halfWidthNanos() > maxHalfWidthNanos;
    }

    @Override
    public String description() {
        return clock.description();
    }

    @Override
    public String toString() {
        return clock + ", no wider than ±" + maxHalfWidthNanos + " ns";
    }

    @Override
    public LocalClock local() {
        return clock.local();
    }

    @Override
    public void close() {
        clock.close();
    }
}
