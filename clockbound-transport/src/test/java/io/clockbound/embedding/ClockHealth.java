/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.BoundedClock;
import io.clockbound.ClockReport;
import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** UP while the clock is trusted. For readiness, not for liveness: no restart of the service mends a clock. */
public final class ClockHealth extends AbstractHealthIndicator {

    private final BoundedClock clock;

    public ClockHealth(BoundedClock clock) {
        super("the clock cannot be read");
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        ClockReport report = clock.report(); // throws when the clock is closed, which is DOWN
        health.status(report.status().isTrusted() ? "UP" : "OUT_OF_SERVICE")
                .withDetail("clock", report.status())
                .withDetail("why", report.why())
                .withDetail("readFrom", report.readFrom());
        report.halfWidthNanos().ifPresent(nanos -> health.withDetail("halfWidth", Duration.ofNanos(nanos)));
    }
}
