/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.VmClockCounters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentLayoutTest {

    private static final ClockErrorBound BOUND = new ClockErrorBound(
            5_100_000_007L,
            1_005_000_000_009L,
            -0x0100000000L,
            0x1022334455L,
            0x00010203,
            ClockStatus.FREE_RUNNING,
            0x1817161514131211L,
            new VmClockCounters(0x0807060504030201L, 0x2827262524232221L));

    @Test
    void layout1HasTheBytesOfItsTable() {
        assertBytes(
                segment(SegmentLayout.V1, BOUND),
                "4e5a4d41 00024243 48000000 0100 0200", // magic, size 72, version, generation
                "05000000 00000000 07000000 00000000", // as-of, 10 ms early
                "ed030000 00000000 09000000 00000000", // void-after
                "55443322 11000000", // bound
                "03020100 00000000", // drift, reserved
                "02000000 00000000"); // status, padding
    }

    @Test
    void layout2HasTheBytesOfItsTableAndOfTheExtension() {
        assertBytes(
                segment(SegmentLayout.V2, BOUND),
                "4e5a4d41 00024243 88000000 0200 0200", // magic, size 136, version, generation
                "05000000 00000000 07000000 00000000", // as-of, 10 ms early
                "ed030000 00000000 09000000 00000000", // void-after
                "55443322 11000000", // bound
                "01020304 05060708", // disruption marker
                "03020100 02000000", // drift, status
                "00000000 00000000", // no VMClock for clients of ClockBound 2, padding
                "324a444e 424b4c43", // mark of the extension
                "11121314 15161718", // witness
                "00000000 ffffffff", // correction
                "55443322 10000000", // half width
                "21222324 25262728", // generation of the VMClock
                "01000000 00000000", // a VMClock is watched
                "e5637f3ac7e21d60"); // check, computed by another program
    }

    @ParameterizedTest
    @EnumSource
    void decodesWhatItEncoded(ClockStatus status) throws ProtocolException {
        ClockErrorBound bound = new ClockErrorBound(
                5_100_000_007L, 1_005_000_000_000L, 0, 4_000_000_000_000_000_000L, 999_999_999, status, -7, null);
        SegmentRecord read = SegmentLayout.V2.decode(segment(SegmentLayout.V2, bound));
        assertThat(read).isEqualTo(new SegmentRecord(asOf(bound, 5_000_000_007L), true));
    }

    @Test
    void ourReadersGetTheExactIntervalAndBothCounters() throws ProtocolException {
        SegmentRecord read = SegmentLayout.V2.decode(segment(SegmentLayout.V2, BOUND));
        assertThat(read).isEqualTo(new SegmentRecord(asOf(BOUND, 5_000_000_007L), true));
    }

    @ParameterizedTest
    @CsvSource({"30, 10, 40", "-30, 10, 40", "0, 10, 10", "-1, 1, 2"})
    void otherReadersGetTheLargerSideOfTheInterval(long correctionNanos, long boundNanos, long othersNanos)
            throws ProtocolException {
        ClockErrorBound bound = new ClockErrorBound(
                5_100_000_007L, 6, correctionNanos, boundNanos, 7, ClockStatus.SYNCHRONIZED, 8, null);
        ByteBuffer segment = segment(SegmentLayout.V2, bound);
        assertThat(segment.getLong(48)).isEqualTo(othersNanos);
        assertThat(SegmentLayout.V2.decode(segment).bound()).isEqualTo(asOf(bound, 5_000_000_007L));
        ClockErrorBound old =
                SegmentLayout.V1.decode(segment(SegmentLayout.V1, bound)).bound();
        assertThat(old.boundNanos()).isEqualTo(othersNanos);
        assertThat(old.correctionNanos()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aReaderWhoseCoarseClockLagsByATenthOfASecondFindsAFreshRecordInItsPastAndNoNarrowerThanItIs(
            SegmentLayout layout) throws ProtocolException {
        long laggingNanos = BOUND.asOfNanos() - 100_000_000;
        ClockErrorBound read = layout.decode(segment(layout, BOUND)).bound();
        assertThat(read.asOfNanos()).isLessThanOrEqualTo(laggingNanos);
        assertThat(read.symmetricBoundNanos()).isGreaterThanOrEqualTo(BOUND.symmetricBoundNanos());
    }

    @Test
    void layout1HasTheLargerSideButNoMarkerAndNoWitness() throws ProtocolException {
        SegmentRecord read = SegmentLayout.V1.decode(segment(SegmentLayout.V1, BOUND));
        ClockErrorBound less = new ClockErrorBound(
                5_000_000_007L,
                BOUND.voidAfterNanos(),
                0,
                BOUND.symmetricBoundNanos(),
                BOUND.maxDriftPpb(),
                BOUND.status(),
                0,
                null);
        assertThat(read).isEqualTo(new SegmentRecord(less, false));
    }

    @Test
    void layout1ShowsDisruptedAsUnknown() throws ProtocolException {
        ByteBuffer segment = segment(SegmentLayout.V1, status(ClockStatus.DISRUPTED, 5));
        assertThat(SegmentLayout.V1.decode(segment).bound().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "DISRUPTED"})
    void anUntrustedBoundIs126YearsForClientsThatIgnoreTheStatus(ClockStatus status) throws ProtocolException {
        for (SegmentLayout layout : SegmentLayout.values()) {
            SegmentRecord read = layout.decode(segment(layout, status(status, 5)));
            assertThat(read.bound().boundNanos()).isEqualTo(4_000_000_000_000_000_000L);
        }
    }

    @Test
    void aBoundTooWideToBeAddedToATimeIsNotTrusted() throws ProtocolException {
        SegmentRecord read = SegmentLayout.V2.decode(
                segment(SegmentLayout.V2, status(ClockStatus.SYNCHRONIZED, 4_000_000_000_000_000_001L)));
        assertThat(read.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120, 128})
    void theExtensionIsIgnoredWhenAnyWordOfItOrOfTheRecordChanges(int offset) throws ProtocolException {
        for (int bit = 0; bit < 64; bit += 3) {
            ByteBuffer segment = segment(SegmentLayout.V2, BOUND);
            segment.putLong(offset, segment.getLong(offset) ^ 1L << bit);
            assertThat(SegmentExtension.isIn(segment)).isFalse();
        }
    }

    @Test
    void aRecordOfAnotherProgramInOurSegmentIsReadWithoutTheExtension() throws ProtocolException {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND);
        segment.putLong(16, 6).putLong(24, 0); // what others leave behind their 80 bytes is that of our last record
        SegmentRecord read = SegmentLayout.V2.decode(segment);
        assertThat(read.isOurs()).isFalse();
        assertThat(read.bound())
                .isEqualTo(new ClockErrorBound(
                        6_000_000_000L,
                        BOUND.voidAfterNanos(),
                        0,
                        BOUND.symmetricBoundNanos(),
                        BOUND.maxDriftPpb(),
                        BOUND.status(),
                        0,
                        null));
    }

    @Test
    void aRecordWithTheExtensionOfTheNextOneIsNotOurs() {
        ByteBuffer older = segment(SegmentLayout.V2, BOUND);
        ByteBuffer mixture = segment(SegmentLayout.V2, asOf(BOUND, 5_010_000_008L));
        for (int offset = 16; offset < 80; offset += 8) {
            mixture.putLong(offset, older.getLong(offset));
        }
        assertThat(SegmentExtension.isIn(mixture)).isFalse();
    }

    @Test
    void theExtensionIsIgnoredWhenTheSizeInTheHeaderExcludesIt() throws ProtocolException {
        ByteBuffer small = segment(SegmentLayout.V2, BOUND).putInt(8, 80);
        assertThat(SegmentLayout.V2.decode(small).isOurs()).isFalse();
        ByteBuffer cut = segment(SegmentLayout.V2, BOUND).slice(0, 128).order(ByteOrder.nativeOrder());
        assertThat(SegmentLayout.V2.decode(cut).isOurs()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientsOfClockBound2CompareTheVmClockOnlyWhenEveryUserMayReadIt(boolean isPublic) throws ProtocolException {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND);
        SegmentLayout.V2.encode(BOUND, isPublic, segment);
        assertThat(segment.getLong(72))
                .isEqualTo(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN && isPublic ? 1 : 0);
        assertThat(SegmentLayout.V2.decode(segment).bound().vmClock()).isEqualTo(BOUND.vmClock());
    }

    @Test
    void recordsOfOtherProgramsHaveOnlyTheMarkerOfTheVmClock() throws ProtocolException {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND).putLong(80, 0).put(72, (byte) 1);
        assertThat(SegmentLayout.V2.decode(segment).bound().vmClock())
                .isEqualTo(new VmClockCounters(0x0807060504030201L, 0));
    }

    @Test
    void aBoundOfZeroIsReadAsOneNanosecond() throws ProtocolException {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND).putLong(48, 0);
        assertThat(SegmentLayout.V2.decode(segment).bound().boundNanos()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "24, -1, as-of",
        "24, 1000000000, as-of",
        "16, 9223372036854775807, as-of",
        "16, -9223372036854775808, as-of",
        "40, 1000000000, void-after",
        "32, 9223372036, void-after",
        "32, -4611686018, void-after",
        "32, -9223372035, void-after", // 292 years ago
        "48, -1, bound",
        "64, 1000000000, drift", // with status 0
        "64, 4294967295, drift",
        "64, 17179869184, status", // 4 in the upper half
        "64, -4294967296, status"
    })
    void refusesAFieldOutOfItsRange(int offset, long value, String field) {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND).putLong(offset, value);
        assertThatThrownBy(() -> SegmentLayout.V2.decode(segment))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(field);
    }

    /** With 257 years added to the wall clock, the middle of the interval is beyond what a long has. */
    @ParameterizedTest
    @CsvSource({
        "96, 8102183202346499996, correction",
        "96, 4000000000000000001, correction",
        "96, -4000000000000000001, correction",
        "96, -9223372036854775808, correction",
        "104, 0, half width",
        "104, -1, half width"
    })
    void refusesAnExtensionThatIsNoIntervalAlthoughItsCheckMatches(int offset, long value, String field) {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND).putLong(offset, value);
        segment.putLong(128, SegmentModel.check(segment));
        assertThatThrownBy(() -> SegmentLayout.V2.decode(segment))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(field);
    }

    @ParameterizedTest
    @ValueSource(longs = {4_000_000_000_000_000_000L, -4_000_000_000_000_000_000L})
    void readsTheLargestCorrectionThatATimeOfThisCenturyCanBeMovedBy(long correctionNanos) throws ProtocolException {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND).putLong(96, correctionNanos);
        segment.putLong(128, SegmentModel.check(segment));
        assertThat(SegmentLayout.V2.decode(segment).bound().correctionNanos()).isEqualTo(correctionNanos);
    }

    @ParameterizedTest
    @CsvSource({"0x0001, V1", "0x0101, V1", "0x0002, V2", "0x0202, V2", "0x0203, V2", "0x0109, V2"})
    void readsAKnownVersionAndANewerOneWhoseMinimumIsKnown(int version, SegmentLayout layout) throws ProtocolException {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND).putShort(12, (short) version);
        assertThat(SegmentLayout.of(segment, 136)).isEqualTo(layout);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x0003, 0x0303, 0x0304, 0x0200, 0xffff})
    void refusesAnUnknownVersion(int version) {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND).putShort(12, (short) version);
        assertThatThrownBy(() -> SegmentLayout.of(segment, 136))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("version");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 79, 137, -1})
    void refusesASizeThatIsTooSmallOrBeyondTheFile(int size) {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND).putInt(8, size);
        assertThatThrownBy(() -> SegmentLayout.of(segment, 136))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(Integer.toUnsignedString(size));
    }

    @ParameterizedTest
    @CsvSource({"0x0002, 136, true", "0x0002, 80, true", "0x0002, 96, false", "0x0202, 136, false", "0x0001, 136, false"
    })
    void aSegmentIsContinuedOnlyIfItIsAsThisProgramOrClockBound2WritesIt(int version, int size, boolean isContinuable) {
        ByteBuffer segment =
                segment(SegmentLayout.V2, BOUND).putShort(12, (short) version).putInt(8, size);
        assertThat(SegmentLayout.V2.isContinuable(segment, 136)).isEqualTo(isContinuable);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 5, 7})
    void refusesBytesWithoutTheMagicNumbers(int offset) {
        ByteBuffer segment = segment(SegmentLayout.V2, BOUND).put(offset, (byte) 0x55);
        assertThatThrownBy(() -> SegmentLayout.of(segment, 136)).isInstanceOf(ProtocolException.class);
    }

    private static ByteBuffer segment(SegmentLayout layout, ClockErrorBound bound) {
        ByteBuffer segment = ByteBuffer.allocateDirect(layout.bytes()).order(ByteOrder.nativeOrder());
        SegmentGeneration.beginWrite(segment);
        layout.encodeHeader(segment);
        layout.encode(bound, false, segment);
        SegmentGeneration.endWrite(segment);
        return segment;
    }

    private static ClockErrorBound status(ClockStatus status, long boundNanos) {
        return new ClockErrorBound(100_000_000, 2, 0, boundNanos, 0, status, 0, null);
    }

    private static ClockErrorBound asOf(ClockErrorBound bound, long asOfNanos) {
        return new ClockErrorBound(
                asOfNanos,
                bound.voidAfterNanos(),
                bound.correctionNanos(),
                bound.boundNanos(),
                bound.maxDriftPpb(),
                bound.status(),
                bound.witnessNanos(),
                bound.vmClock());
    }

    private static void assertBytes(ByteBuffer segment, String... hex) {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
        byte[] bytes = new byte[segment.capacity()];
        segment.get(0, bytes);
        String expected = String.join("", hex).replace(" ", "");
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
    }
}
