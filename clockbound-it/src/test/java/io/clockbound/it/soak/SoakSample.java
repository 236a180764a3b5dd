/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.soak;

import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the daemon needed at a moment.
 *
 * @param seconds since the start
 * @param residentKib its memory
 * @param threads how many it had
 * @param descriptors how many it had open
 * @param halfWidthNanos what a reader of its segment got; 0 without trust
 */
record SoakSample(double seconds, long residentKib, long threads, long descriptors, long halfWidthNanos) {

    static final String HEADING = "seconds,resident_kib,threads,descriptors,half_width_ns";

    static SoakSample of(double seconds, DaemonProcess daemon, Reading reading) throws IOException {
        Path process = Path.of("/proc", Long.toString(daemon.pid()));
        return new SoakSample(
                seconds,
                daemon.residentKib(),
                count(process.resolve("task")),
                count(process.resolve("fd")),
                reading.isTrusted() ? reading.halfWidthNanos() : 0);
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    /** Returns it as a line of a table of comma-separated values. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.1f,%d,%d,%d,%d", seconds, residentKib, threads, descriptors, halfWidthNanos);
    }
}
