/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.testing.FakeBoundedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreshnessTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeBoundedClock fake = new FakeBoundedClock(Instant.parse("2026-03-01T12:00:00Z")).within(MILLI);

    @Test
    void theAgeIsAtMostFromEndToEndAndAtLeastWhatLiesBetween() {
        BoundedInstant since = fake.now();
        fake.local().advance(SECOND);
        assertThat(Freshness.of(since, fake)).isEqualTo(new Freshness(998_000_000, 1_002_000_000));
    }

    @Test
    void anEntryIsYoungOldOrNeitherForCertain() {
        Freshness second = new Freshness(998_000_000, 1_002_000_000);
        assertThat(second.isYoungerThan(Duration.ofNanos(1_002_000_001))).isEqualTo(Certainty.YES);
        assertThat(second.isYoungerThan(Duration.ofMillis(1_002))).isEqualTo(Certainty.CANNOT_SAY);
        assertThat(second.isYoungerThan(SECOND)).isEqualTo(Certainty.CANNOT_SAY);
        assertThat(second.isYoungerThan(Duration.ofNanos(998_000_001))).isEqualTo(Certainty.CANNOT_SAY);
        assertThat(second.isYoungerThan(Duration.ofMillis(998))).isEqualTo(Certainty.NO);
        assertThat(second.isYoungerThan(Duration.ZERO)).isEqualTo(Certainty.NO);
    }

    @Test
    void nothingIsYoungerThanNew() {
        assertThat(Freshness.of(fake.now(), fake)).isEqualTo(new Freshness(0, 2_000_000));
    }

    @Test
    void aBoundOfSecondsMakesAgesOfSecondsUncertain() {
        BoundedInstant since = fake.now();
        fake.within(Duration.ofSeconds(3)).local().advance(SECOND);
        Freshness freshness = Freshness.of(since, fake);
        assertThat(freshness.isYoungerThan(SECOND)).isEqualTo(Certainty.CANNOT_SAY);
        assertThat(freshness.isYoungerThan(Duration.ofSeconds(10))).isEqualTo(Certainty.YES);
    }

    @Test
    void withoutTrustOnEitherSideItCannotBeSaid() {
        BoundedInstant since = fake.now();
        fake.untrusted(ClockStatus.DISRUPTED);
        Freshness unknown = new Freshness(0, Long.MAX_VALUE);
        assertThat(Freshness.of(since, fake)).isEqualTo(unknown);
        BoundedInstant sinceUnknown = fake.read();
        fake.within(MILLI);
        assertThat(Freshness.of(sinceUnknown, fake)).isEqualTo(unknown);
        for (Duration limit : List.of(Duration.ofNanos(1), SECOND, Duration.ofNanos(Long.MAX_VALUE))) {
            assertThat(unknown.isYoungerThan(limit)).isEqualTo(Certainty.CANNOT_SAY);
        }
    }

    @Test
    void whatCertainlyHasNotHappenedYetHasNoAge() {
        Instant latest = fake.now().latest();
        BoundedInstant ahead = at(BoundedInstant.epochNanos(latest) + 1);
        assertThatExceptionOfType(FutureTimestampException.class)
                .isThrownBy(() -> Freshness.of(ahead, fake))
                .withMessageContaining(latest.plusNanos(1).toString())
                .withMessageContaining("true time is at most " + latest);
        assertThatExceptionOfType(FutureTimestampException.class)
                .isThrownBy(() -> Freshness.of(at(Long.MAX_VALUE - 1), fake));
        assertThat(Freshness.of(at(BoundedInstant.epochNanos(latest)), fake).minimumAgeNanos())
                .isZero();
    }

    @Test
    void agesBeyondTheRangeEndThere() {
        fake.set(new BoundedInstant(Long.MAX_VALUE - 2, Long.MAX_VALUE - 1, ClockStatus.SYNCHRONIZED));
        BoundedInstant first = new BoundedInstant(Long.MIN_VALUE, Long.MIN_VALUE + 1, ClockStatus.SYNCHRONIZED);
        assertThat(Freshness.of(first, fake)).isEqualTo(new Freshness(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void aLimitOutsideTheRangeIsRefused() {
        Freshness any = new Freshness(1, 2);
        for (Duration limit : List.of(Duration.ofNanos(-1), Duration.ofDays(365_000))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> any.isYoungerThan(limit))
                    .withMessageContaining("age limit of " + limit);
        }
    }

    @Test
    void agesInTheWrongOrderAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Freshness(2, 1))
                .withMessageContaining("from 2 ns to 1 ns");
        assertThatIllegalArgumentException().isThrownBy(() -> new Freshness(-1, 1));
    }

    private static BoundedInstant at(long nanos) {
        return new BoundedInstant(nanos, nanos + 1, ClockStatus.SYNCHRONIZED);
    }
}
