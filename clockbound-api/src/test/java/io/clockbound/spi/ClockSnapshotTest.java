/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.testing.FakeTimeSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class ClockSnapshotTest {

    private static final long MOST = ClockSnapshot.MAX_MAGNITUDE;

    @Test
    void correctionOffsetsAndFrequencyHaveASign() {
        List<LongFunction<FakeTimeSource>> numbers = List.of(
                value -> new FakeTimeSource().correction(value),
                value -> new FakeTimeSource().lastOffset(value),
                value -> new FakeTimeSource().measuredOffset(value),
                value -> new FakeTimeSource().frequency(value));
        for (LongFunction<FakeTimeSource> number : numbers) {
            assertThatCode(() -> number.apply(-MOST).snapshot()).doesNotThrowAnyException();
            assertThatCode(() -> number.apply(MOST).snapshot()).doesNotThrowAnyException();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> number.apply(-MOST - 1).snapshot());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> number.apply(MOST + 1).snapshot());
        }
    }

    @Test
    void everyOtherNumberIsAMagnitude() {
        List<LongFunction<FakeTimeSource>> numbers = List.of(
                value -> new FakeTimeSource().lastUpdateInterval(value),
                value -> new FakeTimeSource().correctionError(value),
                value -> new FakeTimeSource().lastOffsetError(value),
                value -> new FakeTimeSource().estimateOnly("").rootDelay(value),
                value -> new FakeTimeSource().estimateOnly("").rootDispersion(value),
                value -> new FakeTimeSource().age(value),
                value -> new FakeTimeSource().pollInterval(value),
                value -> new FakeTimeSource().residualFrequency(value),
                value -> new FakeTimeSource().skew(value));
        for (LongFunction<FakeTimeSource> number : numbers) {
            assertThatCode(() -> number.apply(MOST).snapshot()).doesNotThrowAnyException();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> number.apply(-1).snapshot())
                    .withMessageContaining("of -1 is not between 0 and");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> number.apply(MOST + 1).snapshot());
        }
    }

    @Test
    void theErrorOfAMeasurementIsAMagnitude() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Measurement(1, 0, -1, 0, 0, Optional.empty()))
                .withMessage("error of -1 is not between 0 and " + MOST);
    }
}
