/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The clock of a daemon, read by the best of several ways, which is chosen anew when a better one may have appeared.
 *
 * <p>A thread for the choice is started by a reading that finds one due, because a socket may have to be waited for and a
 * reading must not. Thread-safe.
 */
final class ConnectedClock implements BoundedClock {

    private static final long CHOICE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Ways ways;
    private final LocalClock local;
    private final Executor choices;
    private final AtomicBoolean isChoosing = new AtomicBoolean();
    private volatile Ways.Chosen chosen;
    private volatile long choiceDueNanos;
    private volatile boolean isClosed;

    private ConnectedClock(Ways ways, LocalClock local, Executor choices, Ways.Chosen first) {
        this.ways = ways;
        this.local = local;
        this.choices = choices;
        this.chosen = first;
        this.choiceDueNanos = local.monotonicNanos() + CHOICE_NANOS;
    }

    /**
     * Connects.
     *
     * @throws IOException when no way works
     */
    static ConnectedClock open(Ways ways, LocalClock local) throws IOException {
        return open(ways, local, ConnectedClock::onThread);
    }

    static ConnectedClock open(Ways ways, LocalClock local, Executor choices) throws IOException {
        return new ConnectedClock(ways, local, choices, ways.choose(null));
    }

    /**
     * Connects, and tries again every 100 ms until a way works.
     *
     * @throws IOException when none works in time
     */
    static ConnectedClock openWithin(Duration timeout, Ways ways, LocalClock local)
            throws IOException, InterruptedException {
        long beganNanos = local.monotonicNanos();
        while (true) {
            try {
                return open(ways, local);
            } catch (IOException e) {
                if (Duration.ofNanos(local.monotonicNanos() - beganNanos).compareTo(timeout) >= 0) {
                    throw new IOException("after a wait of " + seconds(timeout) + ", " + e.getMessage(), e);
                }
            }
            local.parkNanos(TRY_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for a daemon");
            }
        }
    }

    private static String seconds(Duration time) {
        BigDecimal nanos = BigDecimal.valueOf(time.getNano(), 9);
        return BigDecimal.valueOf(time.getSeconds())
                        .add(nanos)
                        .stripTrailingZeros()
                        .toPlainString() + " s";
    }

    @Override
    public BoundedInstant read() {
        return reading(BoundedClock::read);
    }

    @Override
    public BoundedInstant now() {
        return reading(BoundedClock::now);
    }

    @Override
    public long earliestNanos() {
        return end(BoundedClock::earliestNanos);
    }

    @Override
    public long latestNanos() {
        return end(BoundedClock::latestNanos);
    }

    private BoundedInstant reading(Function<BoundedClock, BoundedInstant> way) {
        while (true) {
            Ways.Chosen used = chosen;
            try {
                BoundedInstant now = way.apply(used.clock());
                if (!now.status().isTrusted() || !used.isBest()) {
                    chooseIfDue();
                }
                return now;
            } catch (ClockNotTrustedException e) {
                chooseIfDue();
                throw e;
            } catch (IllegalStateException e) {
                rethrowIfInUse(used, e);
            }
        }
    }

    private long end(ToLongFunction<BoundedClock> way) {
        while (true) {
            Ways.Chosen used = chosen;
            try {
                long nanos = way.applyAsLong(used.clock());
                if (!used.isBest()) {
                    chooseIfDue();
                }
                return nanos;
            } catch (ClockNotTrustedException e) {
                chooseIfDue();
                throw e;
            } catch (IllegalStateException e) {
                rethrowIfInUse(used, e);
            }
        }
    }

    @Override
    public String description() {
        return chosen.clock().description();
    }

    @Override
    public LocalClock local() {
        return local;
    }

    @Override
    public String toString() {
        return chosen.clock().toString();
    }

    @Override
    public void close() {
        isClosed = true;
        chosen.clock().close();
    }

    /** Rethrows that a clock is closed, unless it was closed because another took its place. */
    private void rethrowIfInUse(Ways.Chosen used, IllegalStateException closed) {
        if (used.equals(chosen)) {
            throw closed;
        }
    }

    private void chooseIfDue() {
        if (local.monotonicNanos() - choiceDueNanos >= 0 && isChoosing.compareAndSet(false, true)) {
            try {
                choices.execute(this::choose);
            } catch (RuntimeException | Error noThread) {
                postpone(); // the system grants no thread now: the reading has its answer without one
            }
        }
    }

    private void choose() {
        try {
            Ways.Chosen present = chosen;
            Ways.Chosen next = ways.choose(present);
            if (!next.equals(present)) {
                chosen = next;
                present.clock().close();
            }
            if (isClosed) { // a close before this did not see the next one
                next.clock().close();
            }
        } catch (IOException | IllegalStateException e) {
            // no way works now, or the clock was closed: the one in use has the reason
        } finally {
            postpone();
        }
    }

    private void postpone() {
        choiceDueNanos = local.monotonicNanos() + CHOICE_NANOS;
        isChoosing.set(false);
    }

    private static void onThread(Runnable choice) {
        Thread thread = new Thread(choice, "clockbound-connect");
        thread.setDaemon(true);
        thread.start();
    }
}
