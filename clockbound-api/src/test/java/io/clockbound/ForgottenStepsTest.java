/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.testing.FakeTimeSource;
import org.junit.jupiter.api.Test;

/** By how much the clock can be wrong because the source has forgotten a step. */
class ForgottenStepsTest {

    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    private final FakeTimeSource source = new FakeTimeSource();

    @Test
    void aCorrectionThatWasMovedByHandMayBeWrongByTheWholeMovement() {
        SourceReply before = reply(0, 0, source.correction(5_000));
        SourceReply moved = reply(SECOND, SECOND, source.moveByHand(-30_000));
        assertThat(ForgottenSteps.NONE.after(before, moved)).isEqualTo(new ForgottenSteps(moved, 30_000));
    }

    @Test
    void anUpdateMayHaveForgottenWhatWasLeftWhatTheClockRanOffSinceAndWhatItFound() {
        SourceReply before = reply(10 * SECOND, 11 * SECOND, source.correction(-300_000));
        source.update().frequency(-20_000).correction(0).lastOffset(-500 * MILLI);
        SourceReply after = reply(12 * SECOND, 14 * SECOND, source);
        assertThat(ForgottenSteps.NONE.after(before, after))
                .isEqualTo(new ForgottenSteps(after, 300_000 + 4 * 20_000 + 500 * MILLI));
        assertThat(ForgottenSteps.NONE.after(null, after)).isEqualTo(new ForgottenSteps(after, 500 * MILLI));
    }

    @Test
    void severalForgottenStepsAddUpUntilTheSourceMeasures() {
        SourceReply first = reply(0, 0, source.lastOffset(-500 * MILLI));
        SourceReply second =
                reply(SECOND, SECOND, source.updateByOldMeasurement().lastOffset(200 * MILLI));
        ForgottenSteps both = ForgottenSteps.NONE.after(null, first).after(first, second);
        assertThat(both).isEqualTo(new ForgottenSteps(second, 700 * MILLI));
        SourceReply measured = reply(2 * SECOND, 2 * SECOND, source.measure());
        assertThat(both.after(second, measured)).isEqualTo(ForgottenSteps.NONE);
    }

    private static SourceReply reply(long askedNanos, long receivedNanos, FakeTimeSource source) {
        return new SourceReply(source.snapshot(), askedNanos, receivedNanos);
    }
}
