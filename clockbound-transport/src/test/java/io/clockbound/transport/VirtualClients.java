/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.BoundedReading;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The product's servers and clients with a clock of a test's own, and without sockets between them. */
public final class VirtualClients {

    private VirtualClients() {}

    /** Returns what a client of protocol 1 gets: request and response are encoded and decoded as on a socket. */
    public static BoundedInstant readOverProtocol(BoundedClock served, LocalClock local) throws IOException {
        Responder responder = new Responder(served, () -> "{}", new FailureLimiter(local, failure -> {
            throw new IllegalStateException(failure);
        }));
        ByteBuffer bytes = ByteBuffer.allocate(64);
        Request.NOW.encode(bytes);
        Request request = Request.decode(bytes.flip());
        responder.respond(request, new BoundedReading(), bytes.clear());
        return Response.decode(bytes.flip()) instanceof Response.Interval interval
                ? new BoundedInstant(
                        interval.earliestNanos(),
                        interval.latestNanos(),
                        interval.unsynchronized() ? ClockStatus.FREE_RUNNING : ClockStatus.SYNCHRONIZED)
                : BoundedInstant.unbounded(ClockStatus.UNKNOWN);
    }

    /** Serves segments in a directory, as the daemon does. */
    public static TransportServer serveSegments(Path directory, Path vmClock, BoundedClock clock, LocalClock local)
            throws IOException {
        return new ShmTransport(directory, vmClock).serve(clock, () -> "{}", local, failure -> {
            throw new IllegalStateException(failure);
        });
    }

    /** Opens the segment of layout 2 in that directory, as a client does. */
    public static BoundedClock openSegment(Path directory, Path vmClock, LocalClock local) throws IOException {
        return SegmentClock.open(directory.resolve(SegmentLayout.V2.fileName()), "", local, vmClock);
    }
}
