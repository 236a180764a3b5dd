/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeTimeSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is remembered of the replies of a source. */
class SourceHistoryTest {

    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    private final FakeTimeSource source = new FakeTimeSource().frequency(20_000).skew(300);
    private final SourceHistory first = SourceHistory.NONE.after(reply(0), new ReferenceError.None(), 0);

    @Test
    void theFrequencyOfAnUpdateIsRemembered() {
        assertThat(first.frequencies().changePpb(21_000)).isEqualTo(700);
        source.frequency(21_000);
        assertThat(next(first).frequencies()).isEqualTo(first.frequencies());
        source.update();
        assertThat(next(first).frequencies().changePpb(21_000)).isEqualTo(700);
        assertThat(next(first).frequencies().changePpb(20_000)).isEqualTo(700);
    }

    @Test
    void theFrequencyBeforeTheSecondUpdateOrWithoutAReferenceIsNone() {
        source.update().frequency(21_000).lastUpdateInterval(0);
        assertThat(next(first).frequencies()).isEqualTo(first.frequencies());
        source.lastUpdateInterval(SECOND).reference(ReferenceId.NONE);
        assertThat(next(first).frequencies()).isEqualTo(first.frequencies());
    }

    @Test
    void theFrequencyOfAnUpdateThatMayHaveForgottenAStepIsNotRememberedUnlessTheClockIsDisciplined() {
        Estimate unknown = estimate(null, source.correction(50 * MILLI));
        Estimate disciplined = estimate(unknown, source.correction(0));
        source.update().frequency(-5_000_000).lastOffset(-500 * MILLI);
        assertThat(next(first).frequencies().spans())
                .isEqualTo(first.frequencies().spans());
        assertThat(next(first.withEstimate(unknown)).frequencies().spans())
                .isEqualTo(first.frequencies().spans());
        assertThat(next(first.withEstimate(disciplined)).frequencies().spans())
                .isNotEqualTo(first.frequencies().spans());
        source.lastOffset(-500);
        assertThat(next(first).frequencies().spans())
                .isNotEqualTo(first.frequencies().spans());
    }

    @Test
    void theReplyWithWhichARunMayHaveBegunRestsOnAnEarlierOneWhateverWasKnown() {
        SourceReply began = reply(SECOND, source.update().lastUpdateInterval(0));
        SourceHistory history = first.after(began, new ReferenceError.None(), 0);
        Estimate ofBegan = Estimate.after(null, began, ForgottenSteps.NONE, 0, 0, false, BoundSettings.DEFAULTS)
                .orElseThrow();
        SourceReply second = reply(SECOND, source.updateByOldMeasurement().lastUpdateInterval(SECOND));
        assertThat(history.withEstimate(ofBegan).isOfEarlierRun(second)).isTrue();
    }

    /** Its age is told in whole seconds, and so may be a second more a moment later. */
    @Test
    void aMeasurementThatWasNewEnoughOnceStaysSoThoughItsAgeLooksGreaterAfterwards() {
        SourceHistory began =
                first.after(reply(0, source.update().lastUpdateInterval(0)), new ReferenceError.None(), 0);
        source.update().lastUpdateInterval(SECOND).reference(ReferenceId.ofClock("GPS"));
        SourceReply young = reply(11 * SECOND, source.age(9 * SECOND));
        assertThat(began.isOfEarlierRun(young)).isFalse();
        Estimate ofYoung = Estimate.after(null, young, ForgottenSteps.NONE, 0, 0, false, BoundSettings.DEFAULTS)
                .orElseThrow();
        SourceReply older = reply(11 * SECOND + MILLI, source.age(10 * SECOND + MILLI));
        assertThat(began.isOfEarlierRun(older)).isTrue();
        assertThat(began.withEstimate(ofYoung).isOfEarlierRun(older)).isFalse();
        source.update().age(10 * SECOND + MILLI);
        assertThat(began.withEstimate(ofYoung).isOfEarlierRun(reply(11 * SECOND + MILLI)))
                .isTrue();
    }

    private SourceHistory next(SourceHistory before) {
        return before.after(reply(SECOND), new ReferenceError.None(), 0);
    }

    private static Estimate estimate(@Nullable Estimate before, FakeTimeSource source) {
        SourceReply now = reply(before == null ? 0 : SECOND, source);
        return Estimate.after(before, now, ForgottenSteps.NONE, 0, 0, false, BoundSettings.DEFAULTS)
                .orElseThrow();
    }

    private SourceReply reply(long nanos) {
        return reply(nanos, source);
    }

    private static SourceReply reply(long nanos, FakeTimeSource source) {
        return new SourceReply(source.snapshot(), nanos, nanos);
    }
}
