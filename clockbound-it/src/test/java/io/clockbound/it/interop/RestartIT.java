/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.SecludedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our daemon ends, is killed and starts again under programs that go on reading its segments. */
@Tag("interop")
class RestartIT {

    private static final int RESTARTS = 10;

    /** A record is trusted for 5 s after the poll that would have been next. */
    private static final Duration LIFE_OF_A_RECORD = Duration.ofSeconds(5);

    private static final int EVERY_MILLISECOND = 1_000;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void require() throws Exception {
        Prerequisites.require();
        Prerequisites.requireInterop();
        Crates.buildReaders();
    }

    /** True time is at the edge of every interval and runs away, so that any interval that is too narrow misses it. */
    @Test
    void readersNoticeNothingOfTenRestarts() throws Exception {
        try (InteropStage stage = InteropStage.set(directory)) {
            stage.server().chronyc("doffset", "0.02");
            stage.server().chronyc("dfreq", "50");
            DaemonProcess daemon = started(stage);
            Path shm = stage.ourSegments().resolve("shm");
            Path shm0 = stage.ourSegments().resolve("shm0");
            List<SecludedProcess> readers = List.of(
                    stage.read("clock-bound-client 2.0.3, shm0", "segment2", shm0, EVERY_MILLISECOND),
                    stage.read("clock-bound-client 1.0.0, shm", "segment1", shm, EVERY_MILLISECOND),
                    stage.read("C interface 2.0.3, shm0", "segment", shm0, EVERY_MILLISECOND),
                    stage.readWithOurs("ours, shm0", "shm", shm0.toString(), EVERY_MILLISECOND));
            stage.awaitEach(readers, PeerReading::isTrusted);
            stage.startJudging();
            int slow = 0;
            for (int i = 0; i < RESTARTS; i++) {
                stage.go(2);
                Deadline record = Deadline.in(LIFE_OF_A_RECORD);
                if (i % 2 == 0) {
                    assertThat(daemon.terminate()).isZero();
                } else {
                    daemon.close(); // SIGKILL
                }
                daemon = started(stage);
                slow += record.isOver() ? 1 : 0;
            }
            stage.go(2);
            List<PeerVerdict> verdicts = stage.judge(readers);
            PeerVerdict.report(RESTARTS + " restarts, every other by SIGKILL", verdicts);
            verdicts.forEach(PeerVerdict::requireTruth);
            long losses = slow;
            assertThat(verdicts)
                    .allSatisfy(verdict -> assertThat(verdict.verdict().statuses())
                            .doesNotContain(ClockStatus.FREE_RUNNING)
                            .filteredOn(status -> status == ClockStatus.UNKNOWN)
                            .as("losses of trust, with %d restarts that took longer than a record is trusted", losses)
                            .hasSizeLessThanOrEqualTo((int) losses));
        }
    }

    /** Starts the daemon and waits until it has published a bound of its own. */
    private static DaemonProcess started(InteropStage stage) throws Exception {
        DaemonProcess daemon = stage.startOurs();
        Deadline.await(() -> "a synchronised daemon", () -> daemon.countInLog("-> SYNCHRONIZED") > 0);
        return daemon;
    }
}
