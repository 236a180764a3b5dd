/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The clocks of daemons on this host, for other processes.
 *
 * <p>A clock got here is thread-safe and survives the daemon's restart. While no daemon answers it reads as UNKNOWN, and
 * {@link BoundedClock#now} says why. Closed, it reads as UNKNOWN.
 */
public final class ClockBoundClients {

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
        return connect(SocketSettings.DEFAULT.runDirectory(), Path.of("/run/clockbound"));
    }

    /**
     * Connects to the daemon that has these directories: by shared memory, else by its stream socket, else by its datagram
     * socket. Shared memory that cannot be trusted, which a daemon may have left there, does not count when a socket is better.
     * {@link BoundedClock#description} says which it is, and why none before it.
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
        List<Way> sockets = List.of(way(streamIn(runDirectory), deadline), way(datagramIn(runDirectory), deadline));
        BoundedClock memory;
        try {
            memory = sharedMemory(shmDirectory.resolve(SegmentLayout.V2.fileName()));
        } catch (IOException e) {
            return firstOf(sockets, List.of(String.valueOf(e.getMessage())));
        }
        return memory.read().status().isTrusted() ? memory : moreTrusted(memory, sockets);
    }

    /**
     * Opens the segment that a daemon writes, in layout 1 ({@code shm}) or 2 ({@code shm0}); daemons of ClockBound 1 and 2 do
     * too. A reading then asks nobody.
     *
     * @throws IOException when there is none, or none that can be read
     */
    public static BoundedClock sharedMemory(Path segment) throws IOException {
        return SharedMemoryClock.open(segment, LocalClock.system());
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
        return firstOf(List.of(way(new Endpoint(Endpoint.Kind.STREAM, socket), deadline)), List.of());
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
        return firstOf(List.of(way(new Endpoint(Endpoint.Kind.DATAGRAM, socket), deadline)), List.of());
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
        for (Endpoint endpoint : List.of(streamIn(runDirectory), datagramIn(runDirectory))) {
            try (Link link = endpoint.open(local)) {
                Response answer =
                        link.ask(new Request(RequestType.STATUS, 0), local.monotonicNanos() + deadline.toNanos());
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

    /** Returns a clock that is asked when it is trusted, else the segment: the daemon that writes it may be about to be. */
    private static BoundedClock moreTrusted(BoundedClock memory, List<Way> sockets) {
        try {
            BoundedClock asked = firstOf(sockets, List.of(memory.description() + " cannot be trusted"));
            boolean isTrusted = asked.read().status().isTrusted();
            (isTrusted ? memory : asked).close();
            return isTrusted ? asked : memory;
        } catch (IOException e) {
            return memory;
        }
    }

    /**
     * Opens the first that can be.
     *
     * @param skipped why another way is not used
     */
    private static BoundedClock firstOf(List<Way> ways, List<String> skipped) throws IOException {
        List<String> reasons = new ArrayList<>(skipped);
        for (Way way : ways) {
            try {
                return way.open(reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")");
            } catch (IOException e) {
                reasons.add(e.getMessage());
            }
        }
        throw new IOException("no daemon answers: " + String.join("; ", reasons) + "; " + SocketClock.REMEDY);
    }

    private static Way way(Endpoint endpoint, Duration deadline) {
        requireInRange(deadline);
        return skipped -> SocketClock.open(endpoint, endpoint + skipped, deadline, LocalClock.system());
    }

    private static Endpoint streamIn(Path runDirectory) {
        return new Endpoint(Endpoint.Kind.STREAM, runDirectory.resolve(StreamTransport.SOCKET));
    }

    private static Endpoint datagramIn(Path runDirectory) {
        return new Endpoint(Endpoint.Kind.DATAGRAM, runDirectory.resolve(DatagramTransport.SOCKET));
    }

    private static void requireInRange(Duration deadline) {
        if (deadline.compareTo(SHORTEST_DEADLINE) < 0 || deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new IllegalArgumentException("deadline of " + deadline + " is not from 1 ms to 1 min");
        }
    }

    /** A way to read a daemon's clock; its failures name it. */
    private interface Way {

        /**
         * Opens it.
         *
         * @param skipped why no other is used, to stand behind its name
         */
        BoundedClock open(String skipped) throws IOException;
    }
}
