/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.demo;

import io.clockbound.LocalClock;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a chronyd with an error of a millisecond would say; for demonstrations only, and not installed as a service. */
final class SimulatedTimeSource implements TimeSource {

    /** Says whom it follows. */
    static final ReferenceId REFERENCE = ReferenceId.ofClock("SIM");

    private static final long UPDATE_SECONDS = 4;
    private static final long DISPERSION_NANOS = 900_000;
    private static final long DELAY_NANOS = 200_000;

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public TimeSource with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, List.of());
        return this;
    }

    @Override
    public ClockSnapshot poll() {
        long seconds = LocalClock.system().instant().getEpochSecond();
        return new ClockSnapshot(
                REFERENCE,
                LeapStatus.NORMAL,
                Instant.ofEpochSecond(seconds - seconds % UPDATE_SECONDS),
                UPDATE_SECONDS * 1_000_000_000,
                0,
                0,
                0,
                0,
                DELAY_NANOS,
                DISPERSION_NANOS,
                0,
                0,
                0,
                new Measurement(
                        seconds / UPDATE_SECONDS,
                        0,
                        DISPERSION_NANOS + DELAY_NANOS / 2,
                        UPDATE_SECONDS * 1_000_000_000,
                        UPDATE_SECONDS * 1_000_000_000,
                        Optional.empty()));
    }

    @Override
    public String peer() {
        return "simulation";
    }

    @Override
    public void close() {
        // nothing is open
    }
}
