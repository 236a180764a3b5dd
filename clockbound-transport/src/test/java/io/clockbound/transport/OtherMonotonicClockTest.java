/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader whose monotonic clock is not the writer's: the machine was booted anew, or it is in another time namespace. */
class OtherMonotonicClockTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "3000000000, DISRUPTED",
        "3000001, DISRUPTED",
        "-3000001, DISRUPTED",
        "-3000000000, UNKNOWN",
        "-9000000000000000, UNKNOWN",
        "9000000000000000, UNKNOWN"
    })
    void theWitnessTellsThatTheRecordIsNotOfThisClock(long aheadNanos, ClockStatus status) throws IOException {
        ShmStage stage = new ShmStage(directory);
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (SharedMemoryClock clock =
                SharedMemoryClock.open(stage.shm0(), "", new Shifted(stage.local(), aheadNanos))) {
            assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(status));
        }
    }

    @Test
    void aRestartedDaemonWithdrawsIt() throws IOException {
        ShmStage stage = new ShmStage(directory);
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        stage.serve(new Shifted(stage.local(), 3_000_000_000L)).close();
        try (SharedMemoryClock clock = stage.open(stage.shm0())) {
            assertThat(clock.read().status()).isEqualTo(ClockStatus.UNKNOWN);
        }
    }

    private record Shifted(LocalClock clock, long aheadNanos) implements LocalClock {

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public long monotonicNanos() {
            return clock.monotonicNanos() + aheadNanos;
        }
    }
}
