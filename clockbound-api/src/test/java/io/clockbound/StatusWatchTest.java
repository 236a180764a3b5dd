/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.clockbound.testing.FakeBoundedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusWatchTest {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final FakeBoundedClock fake = new FakeBoundedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<StatusChange> seen = new ArrayList<>();

    @Test
    void aClockThatIsNotTrustedYetHasNotChanged() {
        fake.onStatusChange(seen::add);
        look();
        assertThat(seen).isEmpty();
    }

    @Test
    void everyChangeIsToldOnceWithItsReason() {
        fake.onStatusChange(seen::add);
        fake.within(Duration.ofMillis(1));
        look();
        look();
        fake.untrusted(ClockStatus.DISRUPTED);
        look();
        look();
        assertThat(seen)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .isEqualTo(new StatusChange(
                                        ClockStatus.UNKNOWN, ClockStatus.SYNCHRONIZED, ClockReport.TRUSTED)),
                        second -> {
                            assertThat(second.was()).isEqualTo(ClockStatus.SYNCHRONIZED);
                            assertThat(second.is()).isEqualTo(ClockStatus.DISRUPTED);
                            assertThat(second.why()).contains("fake");
                        });
    }

    @Test
    void anIntervalTooWideForTheCallerIsAChangeWithTheReason() {
        fake.within(Duration.ofMillis(1));
        fake.withMaxHalfWidth(Duration.ofMillis(5)).onStatusChange(seen::add);
        look();
        fake.within(Duration.ofMillis(6));
        look();
        assertThat(seen).hasSize(2);
        assertThat(seen.get(1).is()).isEqualTo(ClockStatus.UNKNOWN);
        assertThat(seen.get(1).why()).contains("6000000 ns").contains("5000000 ns");
    }

    @Test
    void aCloseIsTheLastChange() {
        fake.within(Duration.ofMillis(1));
        fake.onStatusChange(seen::add);
        look();
        fake.close();
        look();
        assertThat(seen).hasSize(2);
        assertThat(seen.get(1).is()).isEqualTo(ClockStatus.UNKNOWN);
        assertThat(seen.get(1).why()).contains("closed");
        look();
        assertThat(seen).hasSize(2);
    }

    @Test
    void aClosedWatchTellsNothingMore() {
        StatusWatch watch = fake.onStatusChange(seen::add);
        watch.close();
        fake.within(Duration.ofMillis(1));
        look();
        assertThat(seen).isEmpty();
    }

    @Test
    void aListenerThatThrowsHearsOfTheNextChange() {
        fake.within(Duration.ofMillis(1));
        fake.onStatusChange(change -> {
            seen.add(change);
            if (change.is().isTrusted()) {
                throw new IllegalStateException("disk full");
            }
        });
        assertThatIllegalStateException().isThrownBy(this::look).withMessage("disk full");
        fake.untrusted(ClockStatus.UNKNOWN);
        look();
        assertThat(seen).hasSize(2);
    }

    private void look() {
        fake.local().advance(LOOK);
    }
}
