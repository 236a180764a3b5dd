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

    private final List<IOException> reported = new ArrayList<>();
    private final StoppedClock clock = new StoppedClock();
    private final FailureLimiter limiter = new FailureLimiter(clock, reported::add);

    @Test
    void reportsOnlyTheFirstOfARun() {
        for (int i = 0; i < 1_000; i++) {
            clock.nanos += Duration.ofSeconds(59).toNanos();
            limiter.add("kind", IOException::new);
        }
        assertThat(reported).hasSize(1);
    }

    @Test
    void reportsAgainAfterAQuietMinute() {
        limiter.add("kind", IOException::new);
        clock.nanos += Duration.ofMinutes(1).toNanos();
        limiter.add("kind", IOException::new);
        assertThat(reported).hasSize(2);
    }

    @Test
    void oneKindDoesNotHideAnother() {
        limiter.add("kind", () -> new IOException("one"));
        limiter.add("other", () -> new IOException("another"));
        assertThat(reported).hasSize(2);
        assertThat(limiter.current()).containsExactly("one", "another");
    }

    @Test
    void aRunIsCurrentUntilAQuietMinuteHasPassed() {
        assertThat(limiter.current()).isEmpty();
        limiter.add("kind", () -> new IOException("first"));
        clock.nanos += Duration.ofSeconds(59).toNanos();
        limiter.add("kind", () -> new IOException("second"));
        clock.nanos += Duration.ofSeconds(59).toNanos();
        assertThat(limiter.current()).containsExactly("first");
        clock.nanos += Duration.ofSeconds(1).toNanos();
        assertThat(limiter.current()).isEmpty();
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
