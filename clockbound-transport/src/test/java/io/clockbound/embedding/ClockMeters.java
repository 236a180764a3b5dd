/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;

/** The meters of a clock, with the names and units of the daemon's metrics. */
public final class ClockMeters implements MeterBinder {

    private final BoundedClock clock;

    public ClockMeters(BoundedClock clock) {
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (ClockStatus status : ClockStatus.values()) {
            Gauge.builder("clockbound.status", clock, it -> it.read().status() == status ? 1 : 0)
                    .tag("status", status.name())
                    .register(registry);
        }
        MultiGauge bound =
                MultiGauge.builder("clockbound.error.bound").baseUnit("seconds").register(registry);
        clock.onStatusChange(change -> {
            registry.counter(
                            "clockbound.status.transitions",
                            "from",
                            change.was().name(),
                            "to",
                            change.is().name())
                    .increment();
            bound.register(
                    change.is().isTrusted()
                            ? List.of(MultiGauge.Row.of(Tags.empty(), clock, ClockMeters::boundSeconds))
                            : List.of(), // without trust there is no bound, not 0 and not the last one
                    true);
        });
    }

    private static double boundSeconds(BoundedClock clock) {
        BoundedInstant now = clock.read();
        return now.status().isTrusted() ? now.halfWidthNanos() / 1e9 : Double.NaN;
    }
}
