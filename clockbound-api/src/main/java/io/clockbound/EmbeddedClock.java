/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock of this host, bounded by this process itself: it polls the time source on a thread of its own.
 *
 * <p>Before the first poll its status is UNKNOWN. Thread-safe.
 */
public final class EmbeddedClock implements BoundedClock {

    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);
    private static final Duration LONGEST_FIRST_POLL = Duration.ofSeconds(5);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(2);

    private final LocalClock clock;
    private final TimeSource source;
    private final @Nullable VmClock vmClock;
    private final ErrorBoundTracker tracker;
    private final SourceInquiry inquiry;
    private final Thread thread;
    private final CountDownLatch firstPoll = new CountDownLatch(1);
    private volatile boolean isClosed;

    /**
     * Creates a clock that does not poll yet.
     *
     * @param listener receives every outcome, on the polling thread
     * @param vmClock is read at every poll and at every reading, and closed with this clock; while it cannot be read, the status
     *     is UNKNOWN
     */
    public EmbeddedClock(
            LocalClock clock,
            TimeSource source,
            List<ErrorBoundProvider> providers,
            BoundSettings settings,
            Consumer<PollOutcome> listener,
            Optional<VmClock> vmClock) {
        this.clock = clock;
        this.source = source;
        this.vmClock = vmClock.orElse(null);
        this.tracker = new ErrorBoundTracker(clock, source, providers, settings, listener, this.vmClock);
        this.inquiry = new SourceInquiry(clock, source);
        this.thread = new Thread(this::pollUntilClosed, "clockbound-poll");
        this.thread.setDaemon(true);
    }

    /** Starts a clock with the installed providers, says what it assumes, and waits for its first poll. */
    static EmbeddedClock polled(TimeSource source, BoundSettings settings, Consumer<PollOutcome> listener) {
        EmbeddedClock embedded = new EmbeddedClock(
                LocalClock.system(),
                source,
                Services.all(ErrorBoundProvider.class),
                settings,
                listener,
                VmClock.ofThisMachine());
        new Assumptions(settings).log(source.name() + " at " + embedded.description());
        embedded.start();
        try {
            embedded.firstPoll.await(LONGEST_FIRST_POLL.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return embedded;
    }

    /**
     * Begins to poll.
     *
     * @throws IllegalThreadStateException when it was called before
     */
    public void start() {
        thread.start();
    }

    @Override
    public BoundedInstant read() {
        return read(tracker.current());
    }

    /**
     * Reads the clock by a bound that this clock has published: what {@link #read()} does with the last one.
     *
     * @param bound of a {@link PollOutcome} that the listener received
     */
    public BoundedInstant read(ClockErrorBound bound) {
        long monotonicNanos = clock.monotonicNanos();
        return bound.intervalAt(monotonicNanos, statusNow(bound, monotonicNanos));
    }

    @Override
    public void read(BoundedReading room) {
        ClockErrorBound bound = tracker.current();
        long monotonicNanos = clock.monotonicNanos();
        bound.intervalAt(monotonicNanos, statusNow(bound, monotonicNanos), room);
    }

    /** Returns the trust in a bound now; the monotonic clock was read just before. */
    private ClockStatus statusNow(ClockErrorBound bound, long monotonicNanos) {
        if (isClosed) {
            throw new IllegalStateException(this + " is closed");
        }
        ClockStatus seen = bound.statusNow(clock, monotonicNanos);
        if (seen.isTrusted() && vmClock != null) {
            seen = checked(
                    seen, bound, vmClock); // after the clocks: a disruption since then does not concern the reading
        }
        if (seen == ClockStatus.DISRUPTED && bound.status() != ClockStatus.DISRUPTED) {
            pollNow(); // this reading was the first to see it
        }
        return seen;
    }

    /**
     * Returns the interval that contains true time.
     *
     * @throws ClockNotTrustedException when no such interval is known, with what the last poll found
     */
    @Override
    public BoundedInstant now() {
        BoundedInstant now = read();
        if (!now.status().isTrusted()) {
            throw ClockNotTrustedException.ofNow(now.status(), reason());
        }
        return now;
    }

    @Override
    public ClockReport report() {
        BoundedInstant now = read();
        if (!now.status().isTrusted()) {
            return new ClockReport(now, reason(), description());
        }
        PollOutcome last = tracker.last();
        boolean isAged =
                now.status() == ClockStatus.FREE_RUNNING && last.bound().status() == ClockStatus.SYNCHRONIZED;
        return new ClockReport(now, isAged ? "no poll has renewed the bound in time" : last.detail(), last.peer());
    }

    /**
     * Returns the outcome of the last poll that has ended, also of a closed clock. Before the first it is {@code PENDING}.
     */
    public PollOutcome lastPoll() {
        return tracker.last();
    }

    private String reason() {
        PollOutcome last = tracker.last();
        String since = switch (last.bound().status()) {
            case UNKNOWN -> "";
            case DISRUPTED -> "; it stays disrupted until the time source has measured it anew";
            case SYNCHRONIZED, FREE_RUNNING ->
                "; since then the clock was disrupted, or no poll has renewed the bound in time";
        };
        return "the last poll of " + last.peer() + " found: " + last.detail() + since;
    }

    private static ClockStatus checked(ClockStatus seen, ClockErrorBound bound, VmClock vmClock) {
        try {
            return vmClock.read().equals(bound.vmClock()) ? seen : ClockStatus.DISRUPTED;
        } catch (IOException e) {
            return ClockStatus.UNKNOWN;
        }
    }

    @Override
    public String description() {
        return tracker.last().peer();
    }

    @Override
    public LocalClock local() {
        return clock;
    }

    /** Returns what the time source said of its sources when it was asked last: while it replies, at most 10 s or a poll interval ago. */
    public SourceList sources() {
        return inquiry.last();
    }

    @Override
    public String toString() {
        return "the clock of this process, which asks " + description();
    }

    /** Makes the next poll start at once. */
    public void pollNow() {
        LockSupport.unpark(thread);
    }

    /** Declares the clock disrupted until {@link #endDisruption}. */
    public void beginDisruption() {
        tracker.beginDisruption();
        pollNow();
    }

    /** Ends what {@link #beginDisruption} began. */
    public void endDisruption() {
        tracker.endDisruption();
        pollNow();
    }

    /** Ends the polling thread, which closes the time source, and waits for that as long as a poll may take. */
    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        try {
            if (thread != Thread.currentThread()) {
                thread.join(LONGEST_POLL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (vmClock != null) {
            vmClock.close();
        }
    }

    private void pollUntilClosed() {
        while (!isClosed) {
            Duration wait = poll();
            if (!isClosed) {
                LockSupport.parkNanos(this, wait.toNanos());
            }
        }
        source.close();
    }

    /** Polls once, on the polling thread, and returns how long to wait before the next poll. */
    Duration poll() {
        Duration wait = orDistrust(() -> FlightEvents.poll(tracker));
        firstPoll.countDown(); // before the sources are asked: who waits for the first poll need not wait for them
        return orDistrust(() -> inquiry.askAfter(tracker.last(), wait));
    }

    /** Does a part of a poll. Whatever its fault is: a bound that this thread no longer renews must not be trusted. */
    private Duration orDistrust(Supplier<Duration> part) {
        try {
            return part.get();
        } catch (RuntimeException | Error fault) {
            distrust(fault);
            return AFTER_FAULT;
        }
    }

    private void distrust(Throwable fault) {
        try {
            tracker.distrust(fault);
        } catch (RuntimeException | Error ignored) {
            // the listener failed; the state is published, and this thread must live to poll again
        }
    }
}
