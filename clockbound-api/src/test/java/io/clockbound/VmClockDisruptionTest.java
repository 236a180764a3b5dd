/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.PollOutcome.Result;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.FakeVmClock;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hypervisor tells of a machine whose own clocks show nothing. */
class VmClockDisruptionTest {

    @TempDir
    Path directory;

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource().agingBy(clock);
    private final List<PollOutcome> polls = new ArrayList<>();
    private Path page;
    private FakeVmClock hypervisor;
    private ErrorBoundTracker tracker;

    @BeforeEach
    void synchronize() throws IOException {
        page = directory.resolve("vmclock0");
        hypervisor = FakeVmClock.create(page, 1, 1);
        tracker =
                new ErrorBoundTracker(clock, source, List.of(), BoundSettings.DEFAULTS, polls::add, new VmClock(page));
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        clock.advance(Duration.ofMillis(100));
        polls.clear();
    }

    @Test
    void aDisruptionIsPublishedBeforeTheSourceIsAsked() throws IOException {
        hypervisor.set(2, 1);
        source.duringPoll(() -> assertThat(status()).isEqualTo(ClockStatus.DISRUPTED));
        tracker.poll();
        assertThat(polls).extracting(PollOutcome::result).containsExactly(Result.DISRUPTED, Result.SYNCHRONIZED);
        assertThat(polls.get(0).detail()).contains("hypervisor");
        assertThat(polls.get(0).bound().vmClock()).isEqualTo(new VmClockCounters(2, 1));
    }

    @Test
    void aRestoredSnapshotMayShowInItsGenerationAlone() throws IOException {
        hypervisor.set(1, 2);
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
    }

    @Test
    void itLastsUntilTheSourceHasMeasuredAgain() throws IOException {
        hypervisor.set(2, 2);
        tracker.poll();
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.DISRUPTED);
        clock.advance(Duration.ofSeconds(1));
        source.update();
        tracker.poll();
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        assertThat(tracker.current().vmClock()).isEqualTo(new VmClockCounters(2, 2));
    }

    @Test
    void aPageThatCannotBeReadLeavesTheStatusUnknownWithTheReason() throws IOException {
        Files.write(page, new byte[200]); // over what was there, as the open channel sees it
        tracker.poll();
        assertThat(status()).isEqualTo(ClockStatus.UNKNOWN);
        assertThat(polls.get(0).detail()).contains(page.toString());
    }

    @Test
    void aReadingSeesTheDisruptionThatNoPollHasSeen() throws Exception {
        BlockingQueue<PollOutcome> seen = new LinkedBlockingQueue<>();
        BoundSettings seldom = BoundSettings.DEFAULTS.withPollInterval(Duration.ofSeconds(60));
        try (EmbeddedClock embedded =
                new EmbeddedClock(clock, source, List.of(), seldom, seen::add, Optional.of(new VmClock(page)))) {
            embedded.start();
            while (seen.take().result() != Result.SYNCHRONIZED) {
                // the first poll
            }
            assertThat(embedded.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            hypervisor.set(1, 2); // both clocks were frozen and go on as if nothing had been
            assertThat(embedded.read().status()).isEqualTo(ClockStatus.DISRUPTED);
            while (seen.take().result() != Result.DISRUPTED) {
                // the reading makes a poll start at once
            }
        }
    }

    private ClockStatus status() {
        return tracker.current().status();
    }
}
