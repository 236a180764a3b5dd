/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentGenerationTest {

    private final ByteBuffer segment = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());

    @ParameterizedTest
    @CsvSource({"0, 1, 2", "2, 3, 4", "65532, 65533, 65534", "65534, 65535, 2", "32766, 32767, 32768"})
    void isOddDuringAWriteAndTheNextEvenNumberButZeroAfterIt(int before, int during, int after) {
        segment.putShort(14, (short) before);
        SegmentGeneration.beginWrite(segment);
        assertThat(SegmentGeneration.acquire(segment)).isEqualTo(during);
        assertThat(SegmentGeneration.isWhole(during)).isFalse();
        assertThat(SegmentGeneration.endWrite(segment)).isEqualTo(after);
        assertThat(SegmentGeneration.acquire(segment)).isEqualTo(after);
        assertThat(SegmentGeneration.isWhole(after)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"7, 8", "65535, 2"})
    void continuesAfterAWriterThatWasKilledInMidWrite(int odd, int after) {
        segment.putShort(14, (short) odd);
        SegmentGeneration.beginWrite(segment);
        assertThat(SegmentGeneration.acquire(segment)).isEqualTo(odd);
        SegmentGeneration.endWrite(segment);
        assertThat(SegmentGeneration.acquire(segment)).isEqualTo(after);
    }

    @Test
    void changesWhenAWriteBegins() {
        segment.putShort(14, (short) 4);
        int generation = SegmentGeneration.acquire(segment);
        assertThat(SegmentGeneration.isStill(segment, generation)).isTrue();
        SegmentGeneration.beginWrite(segment);
        assertThat(SegmentGeneration.isStill(segment, generation)).isFalse();
    }

    @Test
    void zeroMeansThatNothingWasWritten() {
        assertThat(SegmentGeneration.isWhole(SegmentGeneration.acquire(segment)))
                .isFalse();
    }
}
