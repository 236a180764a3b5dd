/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.DisciplineProof.Kind;
import io.clockbound.testing.FakeTimeSource;
import org.junit.jupiter.api.Test;

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
        for (int update = 0; update < 3; update++) {
            run(10, -20_000);
            update(3_000);
        }
        run(1, -20_000);
        run(1, -1_000_000);
        assertThat(proof.kind()).isEqualTo(Kind.DISCIPLINED);
    }

    @Test
    void anUpdateThatIsNotInTheCorrectionEndsTheProof() {
        for (int update = 0; update < 3; update++) {
            run(10, -20_000);
            update(3_000);
        }
        run(1, -20_000);
        source.update().lastOffset(-500_000_000); // and the correction goes on as if nothing had been
        step(1, SourceReply.Change.ONE_UPDATE);
        assertThat(proof.kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aFrequencyTooSmallToShowProvesNothing() {
        source.frequency(0);
        for (int update = 0; update < 5; update++) {
            run(10, 0);
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
        nowNanos += seconds * SECOND;
        SourceReply next = reply();
        proof = proof.after(last, next, change);
        last = next;
    }

    private SourceReply reply() {
        return new SourceReply(source.correction(correctionNanos).snapshot(), nowNanos, nowNanos);
    }
}
