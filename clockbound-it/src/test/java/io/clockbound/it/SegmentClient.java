/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.transport.ClockBoundClients;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the daemon's segment as a Java service does.
 *
 * <p>Question and answer are less than a microsecond apart, so that it is known of which moment an interval is.
 */
public final class SegmentClient implements IntervalReader {

    private final LocalClock clock = LocalClock.system();
    private final BoundedClock daemon;

    private SegmentClient(BoundedClock daemon) {
        this.daemon = daemon;
    }

    /** Opens a segment as soon as there is one. */
    public static SegmentClient of(Path segment) throws Exception {
        Deadline.await(() -> "the segment " + segment, () -> Files.exists(segment));
        return new SegmentClient(ClockBoundClients.sharedMemory(segment));
    }

    @Override
    public Reading now() {
        long askedNanos = clock.epochNanos();
        BoundedInstant now = daemon.read();
        long answeredNanos = clock.epochNanos();
        ClockStatus status = now.status().isTrusted() ? now.status() : ClockStatus.UNKNOWN;
        return new Reading(askedNanos, answeredNanos, status, now.earliestNanos(), now.latestNanos());
    }

    @Override
    public void close() {
        daemon.close();
    }
}
