/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.LocalClock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks one chronyd over one connected socket. For one thread.
 *
 * <p>After an {@link IOException} other than a {@link ChronyRefusal} it must be closed.
 */
final class ChronyClient implements Closeable {

    /** How often a request is sent before it fails. */
    private static final int TRIES = 2;

    /** How long a reply may take; it usually takes less than a millisecond. */
    static final long NANOS_PER_TRY = 200_000_000;

    /** More than any reply has, so that a truncated one is not mistaken for a whole one. */
    private static final int BUFFER_BYTES = 1024;

    private final ChronyAddress address;
    private final Connection connection;
    private final LocalClock clock;

    /** Numbers that can be guessed only by someone who sees them; each from the system would cost a system call. */
    private final SplittableRandom sequences = new SplittableRandom(new SecureRandom().nextLong());

    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private @Nullable ChronyProtocolException unusable;

    private ChronyClient(ChronyAddress address, Connection connection, LocalClock clock) {
        this.address = address;
        this.connection = connection;
        this.clock = clock;
    }

    /** Takes over a socket to chronyd, which is closed with it. */
    static ChronyClient on(Connection connection, ChronyAddress address, LocalClock clock) {
        return new ChronyClient(address, connection, clock);
    }

    /** Returns what asks this chronyd until a deadline, a monotonic time. */
    Exchange until(long deadlineNanos) {
        return request -> ask(request, deadlineNanos);
    }

    private ByteBuffer ask(Request request, long deadlineNanos) throws IOException {
        try {
            unusable = null;
            boolean isSent = false;
            for (int attempt = 0; attempt < TRIES; attempt++) {
                long nowNanos = clock.monotonicNanos();
                long timeoutNanos = Math.min(NANOS_PER_TRY, deadlineNanos - nowNanos);
                if (timeoutNanos <= 0 && attempt == 0) {
                    throw new SocketTimeoutException("no time is left to ask more: chronyd replies too slowly");
                }
                if (timeoutNanos <= 0) {
                    break;
                }
                int sequence = sequences.nextInt();
                isSent |= connection.write(request.encode(attempt, sequence)) > 0;
                @Nullable Reply reply = await(request.command(), sequence, nowNanos, timeoutNanos);
                if (reply != null) {
                    return reply.bodyOf(request.command());
                }
            }
            throw noReply(isSent);
        } catch (ChronyRefusal e) {
            throw e;
        } catch (IOException e) {
            throw address.explain(e);
        }
    }

    /** Waits for the reply to a request; null when it does not come in time. Any other, such as a late one, is dropped. */
    private @Nullable Reply await(Command command, int sequence, long askedNanos, long timeoutNanos)
            throws IOException {
        long leftNanos = timeoutNanos;
        while (leftNanos > 0) {
            if (Thread.currentThread().isInterrupted()) { // by which a wait returns at once
                throw new InterruptedIOException("interrupted while asking");
            }
            connection.awaitReadable(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos)));
            @Nullable Reply reply = receive();
            leftNanos = timeoutNanos - (clock.monotonicNanos() - askedNanos);
            if (reply != null && reply.isTo(command, sequence)) {
                // it may have waited for this process, which lost the processor or was stopped
                return leftNanos < 0 ? null : reply;
            }
        }
        return null;
    }

    private @Nullable Reply receive() throws IOException {
        if (connection.read(buffer.clear()) <= 0) {
            return null;
        }
        try {
            return Reply.decode(buffer.flip());
        } catch (ChronyProtocolException e) {
            unusable = e; // the true reply may be behind it
            return null;
        }
    }

    private IOException noReply(boolean isSent) {
        if (unusable != null) {
            return unusable;
        }
        return new SocketTimeoutException(
                isSent
                        ? address.whyNoReply()
                        : "request not sent: the queue of chronyd's socket is full; chronyd is stopped");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            // the descriptor is gone; the next connection deletes a file that stays
        }
    }
}
