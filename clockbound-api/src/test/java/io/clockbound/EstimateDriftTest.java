/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings.ClockDiscipline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How fast the wall clock can run off, by how the correction moves between two replies. */
class EstimateDriftTest extends PerfectOscillator {

    @ParameterizedTest(name = "correction from {0} to {1} ns in a second at {2} ppb: {3} ppb")
    @CsvSource({
        "5000, 5000, 20000, 1", // disciplined: the frequency is applied
        "5000, -4000, 20000, 9001", // a slew, slower than half of the frequency
        "0, 9999, 20000, 20000", // with what the rounding hides, exactly half of it: nothing is applied
        "0, 10000, 20000, 20000",
        "0, 9998, 20000, 9999", // less than half
        "0, -20000, 20000, 20001", // nothing is applied
        "10000, -10000, -20000, 20001", // nothing is applied, and the correction crosses zero
        "83333000, 0, 20000, 83333001", // a slew, faster than the frequency
        "99999999, 0, 20000, 100000000",
        "100000000, 0, 20000, 100000000", // as fast as Linux slews
        "110000000, 0, 20000, 100000000", // which is never faster
        "0, 0, 0, 1",
    })
    void twoRepliesOfAnEstimateShowHowTheCorrectionMoves(long from, long to, long frequency, long expectedPpb) {
        Estimate first = after(null, reply(0, source.frequency(frequency).correction(from)), PERFECT);
        assertThat(after(first, reply(SECOND, source.correction(to)), PERFECT).driftPpb())
                .isEqualTo((expectedPpb * 9 + 7) / 8);
    }

    @Test
    void theRoundingsOfBothCorrectionsMayHideAMovement() {
        Estimate first = after(null, reply(0, source.correction(0).correctionError(30)), PERFECT);
        Estimate next = after(first, reply(SECOND, source.correction(1_000).correctionError(50)), PERFECT);
        assertThat(next.driftPpb()).isEqualTo((1_081 * 9 + 7) / 8);
    }

    @Test
    void aMovementMayHaveTakenNoLongerThanFromTheFirstReplyToTheSecondQuestion() {
        Estimate first = after(null, new SourceReply(source.snapshot(), 10 * SECOND, 11 * SECOND), PERFECT);
        SourceReply second = new SourceReply(source.correction(1_000).snapshot(), 12 * SECOND, 14 * SECOND);
        assertThat(after(first, second, PERFECT).driftPpb()).isEqualTo((1_001 * 9 + 7) / 8);
    }

    @ParameterizedTest(name = "correction from 0 to {0} ns in 200 s: {1} ppb")
    @CsvSource({"9223372036, 46116861", "9223372037, 100000000"})
    void aMovementOverMinutesIsKnownAsFarAsALongHoldsIt(long to, long expectedPpb) {
        Estimate first = first(PERFECT);
        assertThat(after(first, reply(200 * SECOND, source.correction(to)), PERFECT)
                        .driftPpb())
                .isEqualTo((expectedPpb * 9 + 7) / 8);
    }

    @Test
    void aFirstReplyMayBeOfASlewThatIsAlmostOver() {
        // a millisecond is slewed away within a second, and a tenth of it is left
        source.correction(100_000).lastOffset(MILLI);
        assertThat(first(PERFECT).driftPpb()).isGreaterThanOrEqualTo(1_125_000);
    }

    @Test
    void noSlewIsFasterThanLinuxAllows() {
        source.correction(50 * SECOND);
        assertThat(first(PERFECT).driftPpb()).isEqualTo(112_500_000);
    }

    @Test
    void roundingOfSecondsDoesNotMakeACorrectionOfYearsLookLikeASlewOfSeconds() {
        source.correction(40_000_000 * SECOND).correctionError(5 * SECOND);
        Estimate first = first(PERFECT);
        source.correction(40_000_002 * SECOND);
        assertThat(after(first, reply(SECOND / 10), PERFECT).driftPpb()).isEqualTo(112_500_000);
    }

    @Test
    void aClockThatNobodySteersDriftsByItsFrequency() {
        source.frequency(-20_000).correction(50 * MILLI);
        assertThat(first(PERFECT.withDiscipline(ClockDiscipline.UNDISCIPLINED)).driftPpb())
                .isEqualTo(22_500);
    }
}
