/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.clockbound.BoundedClock;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockReport;
import java.time.Instant;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The part of the {@link BoundedClockContract} that is about what a clock says of itself, and about its end. */
public abstract class BoundedClockReportContract extends BoundedClockWaitContract {

    BoundedClockReportContract() {}

    @Test
    void itsReportSaysWhyItsStatusIsWhatItIs() throws Exception {
        distrust();
        ClockReport without = clock().report();
        assertThat(without.now()).isEqualTo(clock().read());
        assertThat(without.halfWidthNanos()).isEmpty();
        assertThatExceptionOfType(ClockNotTrustedException.class)
                .isThrownBy(() -> clock().now())
                .satisfies(e -> assertThat(e.why()).isEqualTo(without.why()).isNotBlank());
        synchronize(MILLI);
        ClockReport with = clock().report();
        assertThat(with.now()).isEqualTo(clock().now());
        assertThat(with.halfWidthNanos()).hasValue(with.now().halfWidthNanos());
        assertThat(with.why()).isNotBlank();
        assertThat(with.readFrom()).isEqualTo(clock().description());
    }

    @Test
    void saysWhereItsReadingsComeFromWhateverItsStatus() throws Exception {
        assertThat(clock().description()).isNotBlank();
        synchronize(MILLI);
        assertThat(clock().description()).isNotBlank();
        assertThat(clock().toString()).contains(clock().description());
        clock().close();
        assertThat(clock().description()).isNotBlank();
        assertThat(clock().toString()).contains(clock().description());
    }

    @Test
    void whateverReadsItFailsAtOnceAfterItsCloseAndItCanBeClosedTwice() throws Exception {
        synchronize(MILLI);
        BoundedClock narrow = clock().withMaxHalfWidth(SECOND);
        clock().close();
        clock().close();
        Stream.of(clock(), narrow)
                .flatMap(closed -> Stream.concat(
                        refusals(closed),
                        Stream.of(closed::read, closed::report, () -> closed.waitUntilTrusted(SECOND))))
                .forEach(call ->
                        assertThatIllegalStateException().isThrownBy(call).withMessageContaining("closed"));
        assertThat(clock().whenPast(Instant.MIN, SECOND)).isCompletedExceptionally();
    }

    static Stream<ThrowingCallable> refusals(BoundedClock clock) {
        return Stream.of(
                clock::now,
                clock::earliestNanos,
                clock::latestNanos,
                () -> clock.isPast(Instant.MIN),
                () -> clock.isPast(Long.MIN_VALUE),
                () -> clock.isFuture(Instant.MAX),
                () -> clock.isFuture(Long.MAX_VALUE),
                () -> clock.earliestSource().instant(),
                () -> clock.latestSource().millis(),
                () -> clock.midpointSource().instant(),
                () -> clock.waitUntilPast(Instant.MIN, MILLI),
                () -> clock.timing(() -> {
                    throw new IllegalStateException("the work was begun");
                }));
    }
}
