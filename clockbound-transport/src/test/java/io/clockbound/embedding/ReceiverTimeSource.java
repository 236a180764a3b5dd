/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * A GPS receiver whose driver measures this machine's clock every second and writes a file for each measurement, by rename. It
 * does not set the clock.
 */
public final class ReceiverTimeSource implements TimeSource {

    private final Path file;

    /** For the service loader. */
    public ReceiverTimeSource() {
        this(Path.of("/run/receiver/measurement"));
    }

    private ReceiverTimeSource(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "receiver";
    }

    @Override
    public TimeSource with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, Set.of("file"));
        return new ReceiverTimeSource(Path.of(settings.getOrDefault("file", file.toString())));
    }

    @Override
    public ClockSnapshot poll() throws IOException {
        Properties told = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            told.load(reader);
        }
        try {
            return snapshot(told);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException(
                    file + " is not a measurement: " + e.getMessage() + "; is the driver's version 2?", e);
        }
    }

    private static ClockSnapshot snapshot(Properties told) {
        long clockAheadNanos = number(told, "clock_ahead_ns");
        // System.nanoTime() is CLOCK_MONOTONIC on Linux, which the driver writes as well
        long ageNanos = Math.max(0, System.nanoTime() - number(told, "monotonic_ns"));
        Measurement measurement = new Measurement(
                number(told, "count"), 0, number(told, "error_ns"), ageNanos, 1_000_000_000, Optional.empty());
        return new ClockSnapshot(
                ReferenceId.ofClock("GPS"),
                LeapStatus.NORMAL,
                Instant.ofEpochSecond(number(told, "count")),
                1_000_000_000,
                -clockAheadNanos, // the estimate of true time is the clock plus this
                0,
                0,
                0,
                0,
                number(told, "error_ns"),
                0, // the driver estimates no frequency: max clock error is the whole error of the oscillator
                0,
                0,
                measurement);
    }

    private static long number(Properties told, String key) {
        return Long.parseLong(told.getProperty(key, "(no " + key + ")"));
    }

    @Override
    public String peer() {
        return file.toString();
    }

    @Override
    public void close() {}
}
