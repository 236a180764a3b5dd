/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.DisciplineProof.Kind;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeTimeSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the replies show that somebody applies the correction. */
class DisciplineProofTest {

    private static final long SECOND = 1_000_000_000;
    private static final long FREQUENCY_PPB = 20_000; // fast by 20 µs a second

    private final FakeTimeSource source =
            new FakeTimeSource().frequency(FREQUENCY_PPB).lastUpdateInterval(16 * SECOND);
    private long nowNanos;
    private long correctionNanos = 50_000_000;
    private SourceReply last = reply();
    private DisciplineProof proof = DisciplineProof.UNKNOWN.after(null, last, SourceReply.Change.UNKNOWN);

    @Test
    void aCorrectionThatRunsAwayAsTheFrequencySaysOverSeveralUpdatesIsAppliedByNobody() {
        for (int update = 0; update < 3; update++) {
            assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
            run(10, -20_000);
            update(3_000);
        }
        run(1, -20_000);
        assertThat(proof.kind()).isEqualTo(Kind.UNDISCIPLINED);
    }

    @Test
    void itTakesTwoUpdatesThatMovedAsTheFrequencySays() {
        run(10, -20_000);
        update(3_000);
        run(10, -20_000);
        assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
        update(3_000);
        run(1, -20_000);
        assertThat(proof.kind()).isEqualTo(Kind.UNDISCIPLINED);
    }

    @Test
    void itTakesEightRepliesThatMovedAsTheFrequencySaysThoseOfUpdatesAmongThem() {
        for (int update = 0; update < 2; update++) {
            run(1, -20_000);
            update(3_000);
        }
        run(3, -20_000);
        assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
        run(1, -20_000);
        assertThat(proof.kind()).isEqualTo(Kind.UNDISCIPLINED);
    }

    @Test
    void aSingleUpdateProvesNothingHoweverLongItLasts() {
        run(1_000, -20_000);
        assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aCorrectionThatShrinksOtherwiseIsApplied() {
        run(1, -21_000);
        assertThat(proof.kind()).isEqualTo(Kind.DISCIPLINED);
    }

    @Test
    void aCorrectionThatStaysIsApplied() {
        correctionNanos = 0;
        last = reply();
        run(1, 0);
        assertThat(proof.kind()).isEqualTo(Kind.DISCIPLINED);
    }

    @Test
    void aSlewThatBeginsEndsTheProof() {
        moveAsTheFrequencySays();
        run(1, -1_000_000);
        assertThat(proof.kind()).isEqualTo(Kind.DISCIPLINED);
    }

    @Test
    void anUpdateThatIsNotInTheCorrectionEndsTheProof() {
        moveAsTheFrequencySays();
        source.update().lastOffset(-500_000_000); // and the correction goes on as if nothing had been
        step(1, SourceReply.Change.ONE_UPDATE);
        assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aFrequencyTooSmallToShowProvesNothing() {
        source.frequency(0);
        for (int update = 0; update < 5; update++) {
            run(11, 0);
            update(0);
        }
        assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aSlewAsFastAsTheFrequencyFoolsItForOneUpdateOnly() {
        run(30, -20_000);
        source.update().lastOffset(-4_000);
        correctionNanos += 4_000;
        step(1, SourceReply.Change.ONE_UPDATE);
        run(1, -25_000); // each update sets the speed anew
        assertThat(proof.kind()).isEqualTo(Kind.DISCIPLINED);
    }

    @Test
    void aMovementNearTheRoundingErrorShowsNothingHoweverLargeThatErrorIs() {
        long errorNanos = 1L << 60; // of both replies, eight times as much is beyond a long
        source.frequency(0).correctionError(errorNanos);
        correctionNanos = -3 * errorNanos / 2;
        last = reply();
        proof = DisciplineProof.UNKNOWN.after(null, last, SourceReply.Change.UNKNOWN);
        run(1, 3 * errorNanos);
        assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
    }

    /** Of a clock that is fast by a tenth, between replies that took 0.2 s and 0.4 s. */
    @ParameterizedTest(name = "{0} ns beside what the frequency says")
    @CsvSource({"250110027, true", "250110028, false", "-250110027, true", "-250110028, false"})
    void aMovementIsAsTheFrequencySaysWithinTheTimesOfTheRepliesTheChangeOfTheFrequencyAndTheRoundings(
            long besideNanos, boolean isAsSaid) {
        source.frequency(99_990_000).correction(5_000).correctionError(3);
        SourceReply from = new SourceReply(source.snapshot(), 10 * SECOND, 10 * SECOND + 200_000_000);
        long saidNanos = -1_070_000_000; // a tenth of the 10.7 s between the middles
        source.frequency(100_000_000).correctionError(5).lastOffsetError(7);
        source.correction(5_000 + saidNanos + besideNanos - 400);
        SourceReply to = new SourceReply(source.snapshot(), 20 * SECOND + 600_000_000, 21 * SECOND);
        assertThat(DisciplineProof.isAsFrequencySays(from, to, 400)).isEqualTo(isAsSaid);
    }

    @ParameterizedTest(name = "{0} ns beside what the frequency says")
    @CsvSource({"9, UNKNOWN, 1", "10, UNKNOWN, 0", "72, UNKNOWN, 0", "73, DISCIPLINED, 0"})
    void whatMovesOtherwiseByMoreThanTheRoundingIsNotAsSaidAndByMoreThanEightTimesThatItIsApplied(
            long besideNanos, Kind expected, int replies) {
        source.frequency(0);
        correctionNanos = 0;
        source.correctionError(3);
        last = reply();
        proof = DisciplineProof.UNKNOWN.after(null, last, SourceReply.Change.UNKNOWN);
        source.correctionError(5); // and one for what the frequency is rounded by
        run(1, besideNanos);
        assertThat(proof.kind()).isEqualTo(expected);
        assertThat(proof.replies()).isEqualTo(replies);
    }

    @ParameterizedTest(name = "rounding of {0} ns")
    @CsvSource({"1249, false", "1248, true"}) // and 2 ns for what the frequency is rounded by
    void aFrequencyShowsWhenItMovesTheCorrectionByMoreThanEightTimesTheRounding(long errorNanos, boolean isTelling) {
        source.correctionError(errorNanos);
        last = reply();
        proof = DisciplineProof.UNKNOWN.after(null, last, SourceReply.Change.UNKNOWN);
        run(1, -20_000);
        assertThat(proof.isTelling()).isEqualTo(isTelling);
    }

    @ParameterizedTest(name = "an update every {1} ns, {0} ns later")
    @CsvSource({"2000000000, 1, DISCIPLINED", "2000000001, 1, UNKNOWN", "2000000000, 0, UNKNOWN"})
    void aClockThatIsDisciplinedStaysSoOverUpdatesThatCannotBeThoseOfANewStart(
            long laterNanos, long intervalNanos, Kind expected) {
        run(1, -21_000);
        source.update().lastUpdateInterval(intervalNanos);
        later(laterNanos, SourceReply.Change.UNKNOWN);
        assertThat(proof.kind()).isEqualTo(expected);
    }

    @Test
    void aSourceThatTurnsToAnotherReferenceMayHaveBeenStartedAnew() {
        run(1, -21_000);
        source.update().reference(ReferenceId.ofClock("GPS"));
        later(SECOND, SourceReply.Change.UNKNOWN);
        assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void afterSeveralUpdatesAtOnceItIsNoLongerKnownThatNobodyAppliesTheCorrection() {
        itTakesTwoUpdatesThatMovedAsTheFrequencySays();
        source.update().lastUpdateInterval(1);
        later(SECOND, SourceReply.Change.UNKNOWN);
        assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
    }

    /** Lets three updates pass in which nobody applies the correction. */
    private void moveAsTheFrequencySays() {
        for (int update = 0; update < 3; update++) {
            run(10, -20_000);
            update(3_000);
        }
        run(1, -20_000);
    }

    /** Lets seconds pass in which the correction moves so much in each. */
    private void run(int seconds, long nanosPerSecond) {
        for (int i = 0; i < seconds; i++) {
            correctionNanos += nanosPerSecond;
            step(1, SourceReply.Change.NONE);
        }
    }

    /** Lets a second pass in which the estimate is set back by so much. */
    private void update(long setBackNanos) {
        source.update().lastOffset(setBackNanos);
        correctionNanos -= FREQUENCY_PPB * (source.snapshot().frequencyPpb() == 0 ? 0 : 1) + setBackNanos;
        step(1, SourceReply.Change.ONE_UPDATE);
    }

    private void step(int seconds, SourceReply.Change change) {
        later(seconds * SECOND, change);
    }

    private void later(long nanos, SourceReply.Change change) {
        nowNanos += nanos;
        SourceReply next = reply();
        proof = proof.after(last, next, change);
        last = next;
    }

    private SourceReply reply() {
        return new SourceReply(source.correction(correctionNanos).snapshot(), nowNanos, nowNanos);
    }
}
