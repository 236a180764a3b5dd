/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureLimiterTest {

    private final List<IOException> handedOver = new ArrayList<>();
    private final StoppedClock clock = new StoppedClock();
    private final FailureLimiter run = new FailureLimiter(clock, handedOver::add);

    @Test
    void handsOverTheFirstOnly() {
        for (int i = 0; i < 1_000; i++) {
            clock.nanos += Duration.ofSeconds(59).toNanos();
            run.add(IOException::new);
        }
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void handsOverAgainAfterAQuietMinute() {
        run.add(IOException::new);
        clock.nanos += Duration.ofMinutes(1).toNanos();
        run.add(IOException::new);
        assertThat(handedOver).hasSize(2);
    }

    @Test
    void isPresentUntilAQuietMinuteHasPassed() {
        assertThat(run.present()).isEmpty();
        run.add(() -> new IOException("first"));
        clock.nanos += Duration.ofSeconds(59).toNanos();
        run.add(() -> new IOException("second"));
        clock.nanos += Duration.ofSeconds(59).toNanos();
        assertThat(run.present()).contains("first");
        clock.nanos += Duration.ofSeconds(1).toNanos();
        assertThat(run.present()).isEmpty();
    }

    /** A clock that a test moves, begun so that the monotonic time overflows. */
    private static final class StoppedClock implements LocalClock {

        private long nanos = Long.MAX_VALUE - 5;

        @Override
        public long monotonicNanos() {
            return nanos;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }
    }
}
