/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve metrics, those of the JDK's server among them. What they die of costs the metrics, and not the clock,
 * as it would if it came to the default handler. Thread-safe.
 */
final class MetricsThreads extends ThreadGroup {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsThreads.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Kept, because the JDK forgets a logger that nobody has, and what was set for it. */
    private static final java.util.logging.Logger PROMETHEUS = java.util.logging.Logger.getLogger("io.prometheus");

    private final LocalClock local;
    private long lastNanos;
    private long leftOut;
    private boolean hasReported;

    MetricsThreads(LocalClock local) {
        super("clockbound-metrics");
        this.local = local;
    }

    /** Returns a thread that serves requests. */
    Thread worker(Runnable task) {
        Thread thread = new Thread(this, task, "clockbound-metrics");
        thread.setDaemon(true);
        return thread;
    }

    /** Calls what starts threads of its own, so that they belong to this group. */
    <T> T call(Callable<T> task) throws IOException {
        FutureTask<T> result = new FutureTask<>(task);
        worker(result).start();
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Takes the log of the Prometheus library, which would write a stack trace for each client that goes away. */
    void captureLog() {
        for (Handler handler : PROMETHEUS.getHandlers()) {
            PROMETHEUS.removeHandler(handler);
        }
        PROMETHEUS.setUseParentHandlers(false);
        PROMETHEUS.addHandler(new Handler() {
            @Override
            public void publish(LogRecord entry) {
                Throwable thrown = entry.getThrown();
                if (thrown instanceof IOException) {
                    LOG.debug("A client of the metrics is gone: {}", thrown.getMessage());
                } else {
                    report(entry.getMessage(), thrown == null ? new IllegalStateException("no cause") : thrown);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    @Override
    public void uncaughtException(Thread thread, Throwable fault) {
        report("Thread " + thread.getName() + " died, and metrics may be missing until a restart", fault);
    }

    /** Logs a fault of the program, with its stack trace at most once a minute. */
    synchronized void report(String what, Throwable fault) {
        long nowNanos = local.monotonicNanos();
        if (hasReported && nowNanos - lastNanos < QUIET_NANOS) {
            leftOut++;
            return;
        }
        LOG.error("Metrics: {}; reports left out since the last: {}", what, leftOut, fault);
        hasReported = true;
        lastNanos = nowNanos;
        leftOut = 0;
    }
}
