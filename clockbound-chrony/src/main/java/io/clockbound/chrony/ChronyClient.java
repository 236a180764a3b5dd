/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.LocalClock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks one chronyd over one connected socket.
 *
 * <p>After an {@link IOException} it is of no more use and must be closed. It may be closed while another thread asks.
 */
final class ChronyClient implements Closeable {

    /** How often a question is sent before it fails. */
    private static final int TRIES = 2;

    /** How long a reply may take; it usually takes less than a millisecond. */
    static final long NANOS_PER_TRY = 200_000_000;

    /** Longer than any reply, so that a truncated one is not mistaken for a whole one. */
    private static final int BUFFER_BYTES = 1024;

    /** More than chronyd's queue can hold questions; what is behind them is told by its sequence number. */
    private static final int MAX_LATE_REPLIES = 100;

    private final ChronyAddress address;
    private final Connection connection;
    private final Selector selector;
    private final LocalClock clock;
    private final SecureRandom sequences = new SecureRandom();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private @Nullable ChronyProtocolException unusable;
    private volatile boolean closing;

    private ChronyClient(ChronyAddress address, Connection connection, Selector selector, LocalClock clock) {
        this.address = address;
        this.connection = connection;
        this.selector = selector;
        this.clock = clock;
    }

    /** Takes over a socket to chronyd, which is closed with it. */
    static ChronyClient on(Connection connection, ChronyAddress address, LocalClock clock) throws IOException {
        try {
            DatagramChannel channel = connection.channel();
            Selector selector = channel.provider().openSelector();
            channel.register(selector, SelectionKey.OP_READ);
            return new ChronyClient(address, connection, selector, clock);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    ChronyAddress address() {
        return address;
    }

    /** Returns what asks this chronyd until a deadline, a monotonic time. */
    Exchange until(long deadlineNanos) {
        return request -> ask(request, deadlineNanos);
    }

    private synchronized ByteBuffer ask(Request request, long deadlineNanos) throws IOException {
        try {
            discardLateReplies();
            unusable = null;
            boolean sent = false;
            for (int attempt = 0; attempt < TRIES; attempt++) {
                int sequence = sequences.nextInt();
                long leftNanos = Math.min(NANOS_PER_TRY, deadlineNanos - clock.monotonicNanos());
                if (leftNanos <= 0 && attempt == 0) {
                    throw new SocketTimeoutException("no time is left to ask more: chronyd answers too slowly");
                }
                if (leftNanos <= 0) {
                    break;
                }
                sent |= connection.channel().write(request.encode(attempt, sequence)) > 0;
                Optional<Reply> reply = await(request.command(), sequence, leftNanos);
                if (reply.isPresent()) {
                    return reply.get().bodyOf(request.command());
                }
            }
            throw noAnswer(sent);
        } catch (ChronyRefusal e) {
            throw e;
        } catch (IOException e) {
            throw address.explain(e);
        }
    }

    private void discardLateReplies() throws IOException {
        int discarded = 0;
        while (discarded < MAX_LATE_REPLIES && connection.channel().read(buffer.clear()) > 0) {
            discarded++;
        }
    }

    private Optional<Reply> await(Command command, int sequence, long nanos) throws IOException {
        long askedAt = clock.monotonicNanos();
        for (long left = nanos; left > 0; left = nanos - (clock.monotonicNanos() - askedAt)) {
            requireOpen();
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            selector.selectedKeys().clear();
            if (connection.channel().read(buffer.clear()) <= 0) {
                continue;
            }
            try {
                Reply reply = Reply.decode(buffer.flip());
                if (reply.answers(command, sequence)) {
                    // it may have waited for this process, which lost the processor or was stopped
                    boolean isLate = clock.monotonicNanos() - askedAt > nanos;
                    return isLate ? Optional.empty() : Optional.of(reply);
                }
            } catch (ChronyProtocolException e) {
                unusable = e; // the true reply may be behind it
            }
        }
        return Optional.empty();
    }

    private void requireOpen() throws IOException {
        if (closing) {
            throw new IOException("closed while asking");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while asking");
        }
    }

    private IOException noAnswer(boolean sent) {
        if (unusable != null) {
            return unusable;
        }
        return new SocketTimeoutException(
                sent ? address.whyNoAnswer() : "does not take the question: its queue is full, so chronyd is stopped");
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup(); // so that whoever asks gives the lock back
        synchronized (this) {
            try (selector) {
                connection.close();
            } catch (IOException e) {
                // nothing is left to be done: the descriptor is gone, a file that stays is deleted by the next to open
            }
        }
    }
}
