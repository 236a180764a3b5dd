/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that reads a daemon's clock through our library, and prints what the readers in Rust and C print.
 *
 * <p>Its words: {@code shm SEGMENT}, {@code stream SOCKET}, {@code datagram SOCKET} or {@code connect RUN-DIR,SHM-DIR}, and the
 * period in microseconds.
 */
final class ClockReader {

    /** Other programs of the test want the processors too. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ClockReader() {}

    /** Reads until it is ended. */
    public static void main(String[] words) throws IOException {
        long periodNanos = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[2]));
        LocalClock local = LocalClock.system();
        PrintStream out = System.out;
        try (BoundedClock clock = open(words[0], words[1])) {
            long nextNanos = local.monotonicNanos();
            while (!out.checkError()) {
                out.print(line(clock, local));
                out.flush();
                nextNanos += periodNanos;
                LockSupport.parkNanos(nextNanos - local.monotonicNanos());
            }
        }
    }

    private static String line(BoundedClock clock, LocalClock local) {
        long askedNanos = local.epochNanos();
        BoundedInstant now = clock.read();
        long answeredNanos = local.epochNanos();
        return askedNanos + " " + answeredNanos + " " + now.status() + " " + now.earliestNanos() + " "
                + now.latestNanos() + "\n";
    }

    private static BoundedClock open(String way, String place) throws IOException {
        return switch (way) {
            case "shm" -> ClockBoundClients.sharedMemory(Path.of(place));
            case "stream" -> ClockBoundClients.stream(Path.of(place), PATIENCE);
            case "datagram" -> ClockBoundClients.datagram(Path.of(place), PATIENCE);
            case "connect" -> {
                int comma = place.indexOf(',');
                Path runDirectory = Path.of(place.substring(0, comma));
                yield ClockBoundClients.connect(runDirectory, Path.of(place.substring(comma + 1)), PATIENCE);
            }
            default -> throw new IllegalArgumentException(way + " is no way to read a clock");
        };
    }
}
