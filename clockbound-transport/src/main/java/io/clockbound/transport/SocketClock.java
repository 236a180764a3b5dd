/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a daemon, which is asked over a socket for every reading.
 *
 * <p>As with a clock in this process, an interval belongs to an instant between the call and its return. A reading is UNKNOWN
 * when the daemon sends no valid response in time, or responds that its clock is not synchronised. A call that finds the
 * connection broken, as after a restart of the daemon, connects again.
 *
 * <p>Thread-safe: concurrent readings take turns, each within its own deadline.
 */
final class SocketClock implements BoundedClock {

    private static final boolean HAS_FLIGHT_RECORDER =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final SocketEndpoint endpoint;
    private final String description;
    private final long timeoutNanos;
    private final LocalClock local;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable SocketLink link; // changed by the thread whose turn it is
    private volatile boolean isClosed;

    private SocketClock(SocketEndpoint endpoint, String description, Duration deadline, LocalClock local) {
        this.endpoint = endpoint;
        this.description = description;
        this.timeoutNanos = deadline.toNanos();
        this.local = local;
    }

    /**
     * Connects to a daemon.
     *
     * @param deadline the time limit of a reading
     * @throws IOException when it does not respond
     */
    static SocketClock open(SocketEndpoint endpoint, String description, Duration deadline, LocalClock local)
            throws IOException {
        SocketClock clock = new SocketClock(endpoint, description, deadline, local);
        try {
            // outside the deadline: the first socket of a program loads native code, which takes a second on a busy
            // machine
            clock.link = endpoint.open(local);
            clock.ask();
            return clock;
        } catch (IOException e) {
            clock.close();
            throw endpoint.explain(e);
        }
    }

    @Override
    public BoundedInstant now() {
        Reading reading = tryRead();
        if (!reading.instant.status().isTrusted()) {
            throw new ClockNotTrustedException(reading.instant.status(), reading.reason);
        }
        return reading.instant;
    }

    @Override
    public BoundedInstant read() {
        return tryRead().instant;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public LocalClock local() {
        return local;
    }

    @Override
    public String toString() {
        return "a clock by " + description;
    }

    /** Closes the socket, which ends the reading in progress; those that wait for their turn end with it. */
    @Override
    public void close() {
        isClosed = true;
        close(link);
    }

    private Reading tryRead() {
        if (!HAS_FLIGHT_RECORDER || !FlightRecorder.isInitialized()) {
            return tryAsk();
        }
        RequestEvent event = RequestEvent.begun(endpoint.toString());
        Reading reading = tryAsk();
        event.end(reading.reason);
        return reading;
    }

    private Reading tryAsk() {
        try {
            return ask();
        } catch (IOException e) {
            requireOpen();
            return Reading.unknown(String.valueOf(endpoint.explain(e).getMessage()));
        }
    }

    private Reading ask() throws IOException {
        long deadlineNanos = local.monotonicNanos() + timeoutNanos;
        // an interrupt from before the call does not concern it, and would end every wait
        boolean interrupted = Thread.interrupted();
        try {
            if (!turn.tryLock(timeoutNanos, TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException("the readings of other threads took all of the time");
            }
            try {
                return askInTurn(deadlineNanos);
            } finally {
                turn.unlock();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            throw new InterruptedIOException("interrupted while waiting for the readings of other threads");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Reading askInTurn(long deadlineNanos) throws IOException {
        try {
            return askOnce(deadlineNanos);
        } catch (InterruptedIOException e) {
            throw e; // the time is up, or the caller was interrupted
        } catch (IOException e) {
            requireOpen();
            return askOnce(deadlineNanos); // the daemon may have been restarted
        }
    }

    private Reading askOnce(long deadlineNanos) throws IOException {
        SocketLink known = link;
        SocketLink open = known == null ? endpoint.open(local) : known;
        link = open;
        try {
            requireOpen(); // after the link can be seen: either this finds the clock closed, or close() finds the link
            return readingOf(open.ask(Request.NOW, deadlineNanos));
        } catch (IOException | RuntimeException e) {
            link = null;
            close(open);
            requireOpen();
            throw e;
        }
    }

    private Reading readingOf(Response response) throws ProtocolException {
        if (response instanceof Response.Refusal) {
            return Reading.unknown(endpoint + " reports that its clock is not synchronised; its log has the reason");
        }
        if (response instanceof Response.Interval interval && interval.earliestNanos() < interval.latestNanos()) {
            ClockStatus status = interval.unsynchronized() ? ClockStatus.FREE_RUNNING : ClockStatus.SYNCHRONIZED;
            return new Reading(new BoundedInstant(interval.earliestNanos(), interval.latestNanos(), status), "");
        }
        throw new ProtocolException("the response to a request for an interval is " + response);
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    private static void close(@Nullable SocketLink link) {
        try {
            if (link != null) {
                link.close();
            }
        } catch (IOException e) {
            // nothing is left to do: the descriptor is closed
        }
    }

    /** An interval, or why there is none. */
    private record Reading(BoundedInstant instant, String reason) {

        static Reading unknown(String reason) {
            return new Reading(BoundedInstant.unbounded(ClockStatus.UNKNOWN), reason);
        }
    }
}
