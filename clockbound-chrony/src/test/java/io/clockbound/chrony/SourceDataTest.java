/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.HexVectors;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceDataTest {

    private static final ReferenceId SERVER = new ReferenceId(0x0A000001, true);
    private static final SourceReply GOOD = SourceReply.followedBy(TrackingReply.synchronizedTo(SERVER));

    @Test
    void aRecordedMeasurementIsRoundedOutward() throws ChronyProtocolException {
        ByteBuffer datagram = ByteBuffer.wrap(HexVectors.bytes("/vectors/22-source_data-ntp-idx1.rpy.hex"));
        SourceData source = SourceData.decode(Reply.decode(datagram).bodyOf(Command.SOURCE_DATA));
        // 1.3933533864474157 µs ± 4.217903551761992 µs, 1 to 2 s old, asked twice a second
        assertThat(source.measurement(Optional.empty()))
                .isEqualTo(new Measurement(
                        source.originalOffsetBits(), 1_393, 4_219, 2_000_000_000, 500_000_000, Optional.empty()));
    }

    @Test
    void theErrorCoversWhatTheFloatsAndTheNanosecondLost() throws ChronyProtocolException {
        Measurement dayAhead =
                decode(GOOD.withMeasurement(86_400, 86_400).withError(1)).measurement(Optional.empty());
        assertThat(dayAhead.offsetNanos()).isEqualTo(86_400_000_000_000L);
        // 2⁻²³ of the day and of the second, rounded up, and a nanosecond
        assertThat(dayAhead.errorNanos())
                .isBetween(1_000_000_000L + 10_299_683 + 120, 1_000_000_000L + 10_299_685 + 120);
        assertThat(decode(GOOD.withMeasurement(0, 0).withError(0))
                        .measurement(Optional.empty())
                        .errorNanos())
                .isEqualTo(1);
    }

    @Test
    void theSignOfTheOffsetStays() throws ChronyProtocolException {
        assertThat(decode(GOOD.withMeasurement(3e-6, -2e-6))
                        .measurement(Optional.empty())
                        .offsetNanos())
                .isEqualTo(-2_000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-9, -1, -1e-27})
    void aNegativeErrorIsRefused(double seconds) {
        SourceData source = decode(GOOD.withError(seconds));
        assertThatThrownBy(() -> source.measurement(Optional.empty()))
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessageStartingWith("chronyd reports a measurement of 0.0 s, known to -")
                .hasMessageEndingWith(" s ago, of its source 10.0.0.1: that is negative or too large");
    }

    @ParameterizedTest
    @CsvSource({"0, 0x1p40", "0x1p40, 0", "-0x1p40, 0", "0x1p62, 0x1p62"})
    void aMeasurementBeyondAnyClockIsRefused(double offset, double error) {
        SourceData source = decode(GOOD.withMeasurement(offset, offset).withError(error));
        assertThatThrownBy(() -> source.measurement(Optional.empty()))
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessageEndingWith("that is negative or too large");
    }

    /** chrony's format has no NaN; a comparison with one is false whichever way it is asked, and it rounds to a perfect 0. */
    @Test
    void whatIsNotANumberIsRefused() throws ChronyProtocolException {
        SourceData good = decode(GOOD);
        for (double[] numbers : new double[][] {{Double.NaN, 1e-6}, {0, Double.NaN}}) {
            SourceData source = new SourceData(
                    good.address(),
                    good.poll(),
                    good.stratum(),
                    good.state(),
                    good.isReferenceClock(),
                    good.reach(),
                    good.sinceSampleSeconds(),
                    good.originalOffsetBits(),
                    numbers[0],
                    numbers[1]);
            assertThatThrownBy(() -> source.measurement(Optional.empty()))
                    .isInstanceOf(ChronyProtocolException.class)
                    .hasMessageContaining("NaN");
        }
    }

    @Test
    void aClockThatIsDecadesOffIsMeasured() throws ChronyProtocolException {
        // 463 days, as a virtual machine may have it that was started from a picture of itself
        double seconds = 463 * 86_400.0;
        Measurement measurement =
                decode(GOOD.withMeasurement(seconds, -seconds)).measurement(Optional.empty());
        assertThat(measurement.offsetNanos()).isEqualTo(-40_003_200_000_000_000L);
        assertThat(measurement.errorNanos()).isBetween(40_003_200_000_000_000L >> 23, 40_003_200_000_000_000L >> 22);
    }

    @ParameterizedTest
    @CsvSource({
        "-32768, 0",
        "-6, 15625000",
        "0, 1000000000",
        "10, 1024000000000",
        "24, 16777216000000000",
        "30, 1073741824000000000",
        "31, 1073741824000000000",
        "32767, 1073741824000000000"
    })
    void aPollIntervalIsAPowerOfTwoAndHasALimit(int log2Seconds, long nanos) throws ChronyProtocolException {
        assertThat(decode(GOOD.withPoll(log2Seconds))
                        .measurement(Optional.empty())
                        .pollIntervalNanos())
                .isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"0, 1000000000", "59, 60000000000", "2147483647, 2147483648000000000"})
    void theAgeIsTheMostThatItCanBe(long sinceSeconds, long nanos) throws ChronyProtocolException {
        assertThat(decode(GOOD.withSince(sinceSeconds))
                        .measurement(Optional.empty())
                        .ageNanos())
                .isEqualTo(nanos);
    }

    @Test
    void theGreatestAgeThatIsNotRefusedIsShown() {
        assertThat(decode(GOOD.withSince(0x7FFF_FFFFL)).toState().measurement()).isPresent();
        assertThat(decode(GOOD.withSince(0x8000_0000L)).toState().measurement()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0x8000_0000L, 0xFFFF_FFFEL, SourceReply.NEVER})
    void anAgeOfOver68YearsIsRefused(long sinceSeconds) {
        SourceData source = decode(GOOD.withSince(sinceSeconds));
        assertThatThrownBy(() -> source.measurement(Optional.empty()))
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessageContaining("made " + sinceSeconds + " s ago");
    }

    @Test
    void thatThereIsNoMeasurementIsRead() {
        assertThat(decode(GOOD.withSince(SourceReply.NEVER)).sinceSampleSeconds())
                .isEqualTo(SourceData.NEVER);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "128, true", "255, true"})
    void aSourceIsHeardWhenOneOfItsLastEightAnswersCame(int reach, boolean isHeard) {
        assertThat(decode(GOOD.withReach(reach)).isHeard()).isEqualTo(isHeard);
    }

    @Test
    void aReferenceClockIsKnownByItsNameAndAServerByItsAddress() {
        ReferenceId phc = ReferenceId.ofClock("PHC0");
        SourceAddress none = new SourceAddress(0, 0, 0);
        SourceData clock = decode(SourceReply.followedBy(TrackingReply.synchronizedTo(phc)));
        assertThat(clock.name()).isEqualTo("PHC0");
        assertThat(clock.is(phc, none)).isTrue();
        assertThat(clock.is(ReferenceId.ofClock("PHC1"), none)).isFalse();
        // 80.72.67.48 spells PHC0
        ReferenceId namesake = new ReferenceId(phc.code(), true);
        SourceData server = decode(SourceReply.followedBy(TrackingReply.synchronizedTo(namesake)));
        assertThat(server.name()).isEqualTo("80.72.67.48");
        assertThat(clock.is(namesake, server.address())).isFalse();
        assertThat(server.is(namesake, server.address())).isTrue();
        assertThat(server.is(phc, none)).isFalse();
    }

    private static SourceData decode(SourceReply source) {
        return SourceData.decode(ByteBuffer.wrap(source.body()));
    }
}
