/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.LocalClock;
import io.clockbound.VmClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The clocks of daemons on this host, for other processes.
 *
 * <p>A clock got here is thread-safe and survives the daemon's restart. While no daemon answers it reads as UNKNOWN, and
 * {@link BoundedClock#now} says why. Closed, it reads as UNKNOWN.
 */
public final class ClockBoundClients {

    /** The default directory of the daemon's sockets. */
    public static final Path RUN_DIRECTORY = Path.of("/run/clockboundd");

    /** The default directory of the shared-memory segments. */
    public static final Path SHM_DIRECTORY = Path.of("/run/clockbound");

    /** What a reading over a socket may take, unless told otherwise: far more than a daemon that lives ever needs. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(1);

    private static final Duration SHORTEST_DEADLINE = Duration.ofMillis(1);
    private static final Duration LONGEST_DEADLINE = Duration.ofMinutes(1);

    private ClockBoundClients() {}

    /**
     * Connects to the daemon in the usual places, in the fastest way that works.
     *
     * @throws IOException when none does; it says what was tried, why not, and what to do
     */
    public static BoundedClock connect() throws IOException {
        return connect(RUN_DIRECTORY, SHM_DIRECTORY);
    }

    /**
     * Connects to the daemon that has these directories: by shared memory, else by its stream socket, else by its datagram
     * socket. It takes the first that can be trusted now, else the first that there is: a segment outlives its daemon.
     * {@link BoundedClock#description} says which it is, and why none before it.
     *
     * <p>What one way knows is not overruled by another that knows less. A segment of layout 1 is read only where there is
     * none of layout 2, or nobody writes that any more; and when the VMClock says that the machine was disrupted, no other
     * way is tried.
     *
     * @param runDirectory where its sockets are
     * @param shmDirectory where its shared memory is
     * @throws IOException when no way works; it says what was tried, why not, and what to do
     */
    public static BoundedClock connect(Path runDirectory, Path shmDirectory) throws IOException {
        return connect(runDirectory, shmDirectory, DEFAULT_DEADLINE);
    }

    /**
     * Connects to the daemon that has these directories, in the fastest way that works.
     *
     * @param deadline what a reading over a socket may take, 1 ms to 1 min
     * @throws IOException when no way works; it says what was tried, why not, and what to do
     */
    public static BoundedClock connect(Path runDirectory, Path shmDirectory, Duration deadline) throws IOException {
        return connect(runDirectory, shmDirectory, deadline, LocalClock.system(), VmClock.DEVICE);
    }

    static BoundedClock connect(Path runDirectory, Path shmDirectory, Duration deadline, LocalClock local, Path vmClock)
            throws IOException {
        requireInRange(deadline);
        return best(List.of(
                way(segmentIn(shmDirectory, SegmentLayout.V2), local, vmClock),
                way(segmentIn(shmDirectory, SegmentLayout.V1), local, vmClock),
                way(streamIn(runDirectory), deadline, local),
                way(datagramIn(runDirectory), deadline, local)));
    }

    /**
     * Opens a daemon's shared-memory segment, of layout 1 or 2: that of this program, or of ClockBound 1 or 2.
     *
     * @throws IOException when it is not there, or is none
     */
    public static BoundedClock sharedMemory(Path segment) throws IOException {
        return best(List.of(way(segment, LocalClock.system(), VmClock.DEVICE)));
    }

    /**
     * Connects to a daemon's stream socket.
     *
     * @throws IOException when no daemon answers there
     */
    public static BoundedClock stream(Path socket) throws IOException {
        return stream(socket, DEFAULT_DEADLINE);
    }

    /**
     * Connects to a daemon's stream socket.
     *
     * @param deadline what a reading may take, 1 ms to 1 min
     * @throws IOException when no daemon answers there
     */
    public static BoundedClock stream(Path socket, Duration deadline) throws IOException {
        requireInRange(deadline);
        return best(
                List.of(way(new SocketEndpoint(SocketEndpoint.Kind.STREAM, socket), deadline, LocalClock.system())));
    }

    /**
     * Connects to a daemon's datagram socket, which daemons of ClockBound 0.1 have too.
     *
     * @throws IOException when no daemon answers there
     */
    public static BoundedClock datagram(Path socket) throws IOException {
        return datagram(socket, DEFAULT_DEADLINE);
    }

    /**
     * Connects to a daemon's datagram socket, which daemons of ClockBound 0.1 have too.
     *
     * @param deadline what a reading may take, 1 ms to 1 min
     * @throws IOException when no daemon answers there
     */
    public static BoundedClock datagram(Path socket, Duration deadline) throws IOException {
        requireInRange(deadline);
        return best(
                List.of(way(new SocketEndpoint(SocketEndpoint.Kind.DATAGRAM, socket), deadline, LocalClock.system())));
    }

    /**
     * Asks a daemon what it says of itself.
     *
     * @param runDirectory where its sockets are
     * @return a JSON object
     * @throws IOException when it says nothing; it says what to do
     */
    public static String status(Path runDirectory) throws IOException {
        return status(runDirectory, DEFAULT_DEADLINE);
    }

    /**
     * Asks a daemon what it says of itself.
     *
     * @param runDirectory where its sockets are
     * @param deadline what each of its sockets has to answer, 1 ms to 1 min
     * @return a JSON object
     * @throws IOException when it says nothing; it says what to do
     */
    public static String status(Path runDirectory, Duration deadline) throws IOException {
        requireInRange(deadline);
        LocalClock local = LocalClock.system();
        List<String> reasons = new ArrayList<>();
        for (SocketEndpoint endpoint : List.of(streamIn(runDirectory), datagramIn(runDirectory))) {
            try (SocketLink link = endpoint.open(local)) {
                Response answer = link.ask(Request.STATUS, local.monotonicNanos() + deadline.toNanos());
                if (answer instanceof Response.Status status) {
                    return status.json();
                }
                reasons.add(endpoint + ": this daemon does not tell its status");
            } catch (IOException e) {
                reasons.add(endpoint.explain(e).getMessage());
            }
        }
        throw new IOException(String.join("; ", reasons) + "; " + SocketClock.REMEDY);
    }

    /** Opens the first that can be trusted now, else the first that can be opened; never one that knows less than another. */
    private static BoundedClock best(List<Way> ways) throws IOException {
        List<String> reasons = new ArrayList<>();
        Optional<BoundedClock> first = Optional.empty();
        boolean isSegmentLeft = true;
        for (Way way : ways) {
            if (way.isSegment && !isSegmentLeft) {
                continue;
            }
            BoundedClock clock;
            try {
                clock = way.opening.open(reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")");
            } catch (IOException e) {
                reasons.add(e.getMessage());
                continue;
            }
            try {
                clock.now();
                first.ifPresent(BoundedClock::close);
                return clock;
            } catch (ClockNotTrustedException e) {
                reasons.add(e.getMessage());
                if (clock instanceof SegmentClock segment) {
                    SegmentDistrust reason = segment.distrust(e.status());
                    isSegmentLeft = reason.leavesOtherSegments();
                    if (!reason.leavesSockets()) {
                        first.ifPresent(BoundedClock::close);
                        return clock;
                    }
                }
            }
            if (first.isEmpty()) {
                first = Optional.of(clock);
            } else {
                clock.close();
            }
        }
        return first.orElseThrow(
                () -> new IOException("no daemon answers: " + String.join("; ", reasons) + "; " + SocketClock.REMEDY));
    }

    private static Way way(Path segment, LocalClock local, Path vmClock) {
        return new Way(true, skipped -> SegmentClock.open(segment, skipped, local, vmClock));
    }

    private static Way way(SocketEndpoint endpoint, Duration deadline, LocalClock local) {
        return new Way(false, skipped -> SocketClock.open(endpoint, endpoint + skipped, deadline, local));
    }

    private static Path segmentIn(Path shmDirectory, SegmentLayout layout) {
        return shmDirectory.resolve(layout.fileName());
    }

    private static SocketEndpoint streamIn(Path runDirectory) {
        return new SocketEndpoint(SocketEndpoint.Kind.STREAM, runDirectory.resolve(StreamTransport.SOCKET));
    }

    private static SocketEndpoint datagramIn(Path runDirectory) {
        return new SocketEndpoint(SocketEndpoint.Kind.DATAGRAM, runDirectory.resolve(DatagramTransport.SOCKET));
    }

    private static void requireInRange(Duration deadline) {
        if (deadline.compareTo(SHORTEST_DEADLINE) < 0 || deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new IllegalArgumentException("deadline of " + deadline + " is not from 1 ms to 1 min");
        }
    }

    /** A way to read a daemon's clock. */
    private record Way(boolean isSegment, Opening opening) {}

    /** What opens a way; its failures name it. */
    private interface Opening {

        /**
         * Opens it.
         *
         * @param skipped why no other is used, to stand behind its name
         */
        BoundedClock open(String skipped) throws IOException;
    }
}
