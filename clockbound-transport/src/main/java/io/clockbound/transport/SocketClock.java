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
import org.jspecify.annotations.Nullable;

/**
 * The clock of a daemon, which is asked anew for every reading.
 *
 * <p>An interval is that of an instant between the call and its return, as one read in this process is. A daemon that does
 * not answer in time, with an answer that makes sense, reads as UNKNOWN; so does one that says no more than that its clock
 * is not synchronised. One that was restarted is found again by the same call.
 *
 * <p>Thread-safe: threads that read at the same time take turns, within the deadline that each of them has.
 */
final class SocketClock implements BoundedClock {

    /** What to do when no daemon answers. */
    static final String REMEDY = "start clockboundd, or name the directory of its --run-dir; its --socket-mode and"
            + " --socket-group say who may connect";

    private final SocketEndpoint endpoint;
    private final String description;
    private final long patienceNanos;
    private final LocalClock local;
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable SocketLink link;
    private volatile boolean isClosed;

    private SocketClock(SocketEndpoint endpoint, String description, Duration deadline, LocalClock local) {
        this.endpoint = endpoint;
        this.description = description;
        this.patienceNanos = deadline.toNanos();
        this.local = local;
    }

    /**
     * Connects to a daemon.
     *
     * @param deadline what a reading may take
     * @throws IOException when it does not answer
     */
    static SocketClock open(SocketEndpoint endpoint, String description, Duration deadline, LocalClock local)
            throws IOException {
        SocketClock clock = new SocketClock(endpoint, description, deadline, local);
        try {
            // not within the deadline: the first socket of a program loads native code, on a busy machine for a second
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

    /** Closes the socket, after the reading that is under way. */
    @Override
    public void close() {
        isClosed = true;
        turn.lock();
        try {
            disconnect();
        } finally {
            turn.unlock();
        }
    }

    private Reading tryRead() {
        try {
            return ask();
        } catch (IOException e) {
            return Reading.unknown(endpoint.explain(e).getMessage() + "; " + REMEDY);
        }
    }

    private Reading ask() throws IOException {
        long deadlineNanos = local.monotonicNanos() + patienceNanos;
        // one from before the call is not for it: it would end every wait
        boolean interrupted = Thread.interrupted();
        try {
            if (!turn.tryLock(patienceNanos, TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException("other threads took all of the time to ask");
            }
            try {
                return askInTurn(deadlineNanos);
            } finally {
                turn.unlock();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            throw new InterruptedIOException("interrupted while waiting for other threads to ask");
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
            throw e; // there is no time left, or nobody who wants to wait
        } catch (IOException e) {
            return askOnce(deadlineNanos); // the daemon may have been restarted
        }
    }

    private Reading askOnce(long deadlineNanos) throws IOException {
        if (isClosed) {
            return Reading.unknown("this clock is closed");
        }
        if (link == null) {
            link = endpoint.open(local);
        }
        try {
            return readingOf(link.ask(Request.NOW, deadlineNanos));
        } catch (IOException e) {
            disconnect();
            throw e;
        }
    }

    private Reading readingOf(Response response) throws ProtocolException {
        if (response instanceof Response.Refusal) {
            return Reading.unknown(endpoint + " says that its clock is not synchronised; its log says why");
        }
        if (response instanceof Response.Interval interval && interval.earliestNanos() < interval.latestNanos()) {
            ClockStatus status = interval.unsynchronized() ? ClockStatus.FREE_RUNNING : ClockStatus.SYNCHRONIZED;
            return new Reading(new BoundedInstant(interval.earliestNanos(), interval.latestNanos(), status), "");
        }
        throw new ProtocolException("the answer to a request for an interval is " + response);
    }

    private void disconnect() {
        SocketLink old = link;
        link = null;
        try {
            if (old != null) {
                old.close();
            }
        } catch (IOException e) {
            // nothing is left to be done: the descriptor is gone
        }
    }

    /** An interval, or why there is none. */
    private record Reading(BoundedInstant instant, String reason) {

        static Reading unknown(String reason) {
            return new Reading(BoundedInstant.unbounded(ClockStatus.UNKNOWN), reason);
        }
    }
}
