/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import io.clockbound.VmClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The clocks of daemons on this host, for other processes.
 *
 * <p>The clocks returned here are thread-safe and survive a restart of the daemon. While no daemon responds, a clock reads as
 * UNKNOWN, and {@link BoundedClock#now} gives the reason.
 */
public final class ClockBoundClients {

    /** The default directory of the daemon's sockets. */
    public static final Path RUN_DIRECTORY = Path.of("/run/clockboundd");

    /** The default directory of the shared-memory segments. */
    public static final Path SHM_DIRECTORY = Path.of("/run/clockbound");

    /** The default time limit of a reading over a socket: far more than a running daemon needs. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(1);

    private static final Duration SHORTEST_DEADLINE = Duration.ofMillis(1);
    private static final Duration LONGEST_DEADLINE = Duration.ofMinutes(1);

    private ClockBoundClients() {}

    /**
     * Connects to the daemon in the default directories, by the fastest way that works.
     *
     * @throws IOException when none works; the message has the ways tried, the reason for each, and the remedy
     */
    public static BoundedClock connect() throws IOException {
        return connect(RUN_DIRECTORY, SHM_DIRECTORY);
    }

    /**
     * Connects to the daemon that has these directories: by shared memory, else by its stream socket, else by its datagram
     * socket. The first way that is trusted now is used, else the first that can be opened: a segment outlives its daemon.
     * {@link BoundedClock#description} names the way and says why the faster ones were not used.
     *
     * <p>While the clock is not trusted, or not read by the fastest way, readings have the way chosen anew, once a second and
     * without waiting for it: a daemon may have been restarted with other transports.
     *
     * <p>A way with less information never overrules one with more. A segment of layout 1 is read only if there is none of
     * layout 2 or no program writes that any more; and after a disruption that the VMClock shows, no other way is tried.
     *
     * @param runDirectory the directory of the daemon's sockets
     * @param shmDirectory the directory of its shared memory
     * @throws IOException when no way works; the message has the ways tried, the reason for each, and the remedy
     */
    public static BoundedClock connect(Path runDirectory, Path shmDirectory) throws IOException {
        return connect(runDirectory, shmDirectory, DEFAULT_DEADLINE);
    }

    /**
     * Connects to the daemon that has these directories, by the fastest way that works.
     *
     * @param runDirectory the directory of the daemon's sockets
     * @param shmDirectory the directory of its shared memory
     * @param deadline the time limit of a reading over a socket, 1 ms to 1 min
     * @throws IOException when no way works; the message has the ways tried, the reason for each, and the remedy
     */
    public static BoundedClock connect(Path runDirectory, Path shmDirectory, Duration deadline) throws IOException {
        return connect(runDirectory, shmDirectory, deadline, LocalClock.system(), VmClock.DEVICE);
    }

    static BoundedClock connect(Path runDirectory, Path shmDirectory, Duration deadline, LocalClock local, Path vmClock)
            throws IOException {
        return ConnectedClock.open(ways(runDirectory, shmDirectory, deadline, local, vmClock), local);
    }

    /**
     * Connects to the daemon in the default directories, and waits for it when none answers yet: for a service that starts
     * before its daemon.
     *
     * @param timeout how long to wait at most; zero or less tries once
     * @throws IOException when no way works in time; the message has the ways tried, the reason for each, and the remedy
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    public static BoundedClock connectWithin(Duration timeout) throws IOException, InterruptedException {
        return connectWithin(timeout, RUN_DIRECTORY, SHM_DIRECTORY);
    }

    /**
     * Connects to the daemon that has these directories, and waits for it when none answers yet. It does not wait for trust:
     * {@link BoundedClock#waitUntilTrusted} does.
     *
     * @param timeout how long to wait at most; zero or less tries once
     * @param runDirectory the directory of the daemon's sockets
     * @param shmDirectory the directory of its shared memory
     * @throws IOException when no way works in time; the message has the ways tried, the reason for each, and the remedy
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    public static BoundedClock connectWithin(Duration timeout, Path runDirectory, Path shmDirectory)
            throws IOException, InterruptedException {
        LocalClock local = LocalClock.system();
        return ConnectedClock.openWithin(
                timeout, ways(runDirectory, shmDirectory, DEFAULT_DEADLINE, local, VmClock.DEVICE), local);
    }

    static Ways ways(Path runDirectory, Path shmDirectory, Duration deadline, LocalClock local, Path vmClock) {
        requireInRange(deadline);
        return new Ways(List.of(
                way(segmentIn(shmDirectory, SegmentLayout.V2), local, vmClock),
                way(segmentIn(shmDirectory, SegmentLayout.V1), local, vmClock),
                way(streamIn(runDirectory), deadline, local),
                way(datagramIn(runDirectory), deadline, local)));
    }

    private static BoundedClock only(Ways.Way way) throws IOException {
        return new Ways(List.of(way)).choose(null).clock();
    }

    /**
     * Opens a shared-memory segment of layout 1 or 2, written by this program's daemon or by that of ClockBound 1 or 2.
     *
     * @throws IOException when the file does not exist, cannot be read or is not a segment
     */
    public static BoundedClock sharedMemory(Path segment) throws IOException {
        return only(way(segment, LocalClock.system(), VmClock.DEVICE));
    }

    /**
     * Connects to a daemon's stream socket.
     *
     * @throws IOException when no daemon responds there
     */
    public static BoundedClock stream(Path socket) throws IOException {
        return stream(socket, DEFAULT_DEADLINE);
    }

    /**
     * Connects to a daemon's stream socket.
     *
     * @param deadline the time limit of a reading, 1 ms to 1 min
     * @throws IOException when no daemon responds there
     */
    public static BoundedClock stream(Path socket, Duration deadline) throws IOException {
        requireInRange(deadline);
        return only(way(new SocketEndpoint(SocketEndpoint.Kind.STREAM, socket), deadline, LocalClock.system()));
    }

    /**
     * Connects to a daemon's datagram socket, which the daemons of ClockBound 0.1 have as well.
     *
     * @throws IOException when no daemon responds there
     */
    public static BoundedClock datagram(Path socket) throws IOException {
        return datagram(socket, DEFAULT_DEADLINE);
    }

    /**
     * Connects to a daemon's datagram socket, which the daemons of ClockBound 0.1 have as well.
     *
     * @param deadline the time limit of a reading, 1 ms to 1 min
     * @throws IOException when no daemon responds there
     */
    public static BoundedClock datagram(Path socket, Duration deadline) throws IOException {
        requireInRange(deadline);
        return only(way(new SocketEndpoint(SocketEndpoint.Kind.DATAGRAM, socket), deadline, LocalClock.system()));
    }

    /**
     * Returns the status report of a daemon.
     *
     * @param runDirectory the directory of its sockets
     * @return a JSON object
     * @throws IOException when the daemon does not report its status; the message has the remedy
     */
    public static String status(Path runDirectory) throws IOException {
        return status(runDirectory, DEFAULT_DEADLINE);
    }

    /**
     * Returns the status report of a daemon.
     *
     * @param runDirectory the directory of its sockets
     * @param deadline the time limit for a response on each socket, 1 ms to 1 min
     * @return a JSON object
     * @throws IOException when the daemon does not report its status; the message has the remedy
     */
    public static String status(Path runDirectory, Duration deadline) throws IOException {
        requireInRange(deadline);
        return ReportLink.ask(Request.STATUS, runDirectory, deadline);
    }

    /**
     * Returns what has happened to a daemon's clock.
     *
     * @param runDirectory the directory of its sockets
     * @param since how far back it goes, by the wall clock; a daemon knows the last day
     * @return a JSON object
     * @throws IOException when the daemon does not tell; the message has the remedy
     */
    public static String history(Path runDirectory, Instant since) throws IOException {
        long epochNanos = Math.max(0, BoundedInstant.epochNanos(since));
        return ReportLink.ask(new Request(RequestType.HISTORY, epochNanos), runDirectory, DEFAULT_DEADLINE);
    }

    private static Ways.Way way(Path segment, LocalClock local, Path vmClock) {
        return new Ways.Way(true, skipped -> SegmentClock.open(segment, skipped, local, vmClock));
    }

    private static Ways.Way way(SocketEndpoint endpoint, Duration deadline, LocalClock local) {
        return new Ways.Way(false, skipped -> SocketClock.open(endpoint, endpoint + skipped, deadline, local));
    }

    private static Path segmentIn(Path shmDirectory, SegmentLayout layout) {
        return shmDirectory.resolve(layout.fileName());
    }

    static SocketEndpoint streamIn(Path runDirectory) {
        return new SocketEndpoint(SocketEndpoint.Kind.STREAM, runDirectory.resolve(StreamTransport.SOCKET));
    }

    static SocketEndpoint datagramIn(Path runDirectory) {
        return new SocketEndpoint(SocketEndpoint.Kind.DATAGRAM, runDirectory.resolve(DatagramTransport.SOCKET));
    }

    private static void requireInRange(Duration deadline) {
        if (deadline.compareTo(SHORTEST_DEADLINE) < 0 || deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new IllegalArgumentException("deadline of " + deadline + " is not from 1 ms to 1 min");
        }
    }
}
