/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often an operation reads the clock, and what it leaves to the garbage collector. */
@Timeout(120)
class OrderCostTest {

    private static final int CALLS = 20_000;
    private static final int MAX_READINGS = 3;
    private static final double MAX_BYTES = 64;

    /** Of a thread's own account, which is kept in whole chunks, over so many calls. */
    private static final double ROUNDING = 0.5;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final CountingClock clock = new CountingClock();
    private final CommitTimestamps commits = new CommitTimestamps(clock, SECOND);
    private final HybridClock hybrid = new HybridClock(clock);
    private final BoundedInstant before = clock.now();
    private final HybridTimestamp past = new HybridTimestamp(0);
    private final Lease lease = Lease.first("a", Duration.ofDays(1), clock);
    private final Lease over = new Lease("b", 1, 0);

    private final Map<String, Supplier<Object>> operations = Map.ofEntries(
            Map.entry("CommitTimestamps.next", commits::next),
            Map.entry("CommitTimestamps.observe", this::observe),
            Map.entry("CommitTimestamps.isVisible", () -> commits.isVisible(past)),
            Map.entry("HybridClock.next", hybrid::next),
            Map.entry("HybridClock.receive", () -> hybrid.receive(past)),
            Map.entry("HybridClock.read", hybrid::read),
            Map.entry("Lease.first", () -> Lease.first("a", SECOND, clock)),
            Map.entry("Lease.state, held", () -> lease.state("a", Duration.ZERO, clock)),
            Map.entry("Lease.state, of another", () -> lease.state("b", Duration.ZERO, clock)),
            Map.entry("Lease.state, over", () -> over.state("a", Duration.ZERO, clock)),
            Map.entry("Lease.renewed", () -> lease.renewed(SECOND, clock)),
            Map.entry("Lease.takenOver", () -> over.takenOver("a", SECOND, clock)),
            Map.entry("Freshness.of", () -> Freshness.of(before, clock)));

    private volatile Object kept = past;

    @Test
    void anOperationReadsTheClockThreeTimesAtMost() {
        operations.forEach((name, operation) -> {
            clock.readings = 0;
            kept = operation.get();
            assertThat(clock.readings).as(name).isBetween(1, MAX_READINGS);
        });
    }

    @Test
    void aWaitForACommitThatIsVisibleReadsTheClockOnce() throws Exception {
        clock.readings = 0;
        commits.awaitVisible(past, SECOND);
        assertThat(clock.readings).isEqualTo(1);
    }

    @Test
    void anOperationAllocatesAtMost64BytesWithItsReading() {
        operations.forEach((name, operation) -> {
            double bytes;
            do {
                bytes = bytesPerCall(operation);
            } while (bytes > MAX_BYTES + ROUNDING && !Thread.interrupted());
            assertThat(bytes).as(name).isLessThanOrEqualTo(MAX_BYTES + ROUNDING);
        });
    }

    private Object observe() {
        commits.observe(new HybridTimestamp(clock.nanos + 30_000));
        return past;
    }

    private double bytesPerCall(Supplier<Object> call) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < CALLS; i++) {
            kept = call.get();
        }
        return (double) (THREADS.getThreadAllocatedBytes(thread) - before) / CALLS;
    }

    /** A clock that counts its readings and is always a microsecond further on. */
    private static final class CountingClock implements BoundedClock {

        private long nanos = 1_772_366_400_000_000_000L;
        private int readings;

        @Override
        public BoundedInstant read() {
            readings++;
            nanos += 1_000;
            return new BoundedInstant(nanos - 30_000, nanos + 30_000, ClockStatus.SYNCHRONIZED);
        }

        @Override
        public String description() {
            return "counting";
        }

        @Override
        public void close() {}
    }
}
