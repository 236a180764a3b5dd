/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.Basis;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.HexVectors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {

    private static final List<LeapStatus> LEAPS = List.of(LeapStatus.values());
    private static final Basis ESTIMATE = new EstimateOnly("nothing else is asked here");
    private static final int SEQUENCE = 0x12345678;
    private static final byte[] RECORDED = HexVectors.bytes("/vectors/04-tracking-sync-ipv4-plus50ms.rpy.hex");

    @Test
    void trackingSurvivesEncoding() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 1_000; i++) {
            TrackingReply sent = new TrackingReply(
                    new ReferenceId(random.nextInt(), random.nextBoolean()),
                    random.nextInt(16),
                    LEAPS.get(random.nextInt(4)),
                    Instant.ofEpochSecond(random.nextLong() >> 10, random.nextInt(1_000_000_000)),
                    number(random),
                    number(random),
                    number(random),
                    number(random),
                    number(random),
                    number(random),
                    number(random),
                    number(random),
                    number(random));
            assertThat(Tracking.decode(ByteBuffer.wrap(sent.body())))
                    .usingRecursiveComparison()
                    .ignoringFields("address") // follows from the reference
                    .isEqualTo(sent);
        }
    }

    @Test
    void sourceDataSurvivesEncoding() {
        Random random = new Random(5);
        for (int i = 0; i < 1_000; i++) {
            byte[] ip = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(ip);
            SourceReply sent = new SourceReply(
                    SourceReply.ip(ip),
                    random.nextInt(40) - 8,
                    random.nextInt(16),
                    random.nextInt(6),
                    random.nextInt(3),
                    random.nextInt(256),
                    Integer.toUnsignedLong(random.nextInt()),
                    number(random),
                    number(random),
                    number(random));
            SourceData read = SourceData.decode(ByteBuffer.wrap(sent.body()));
            assertThat(read)
                    .usingRecursiveComparison()
                    .comparingOnlyFields("poll", "reach", "sinceSampleSeconds", "offsetSeconds", "errorSeconds")
                    .isEqualTo(sent);
            assertThat(ChronyFloat.decode(read.originalOffsetBits())).isEqualTo(sent.originalOffsetSeconds());
            assertThat(read.isSelected()).isEqualTo(sent.state() == 0);
            assertThat(read.isReferenceClock()).isEqualTo(sent.mode() == 2);
            assertThat(read.isHeard()).isEqualTo(sent.reach() != 0);
            if (!read.isReferenceClock()) {
                assertThat(read.name()).isEqualTo(sent.address().getHostAddress());
            }
        }
    }

    private static double number(Random random) {
        return ChronyFloat.decode(random.nextInt());
    }

    @Test
    void everyMagnitudeIsRoundedUp() throws IOException {
        ClockSnapshot snapshot = decode(RECORDED).toSnapshot(ESTIMATE);
        assertThat(snapshot)
                .isEqualTo(new ClockSnapshot(
                        new ReferenceId(0x7F000001, true),
                        LeapStatus.NORMAL,
                        Instant.ofEpochSecond(1795377012, 827661529),
                        503_533_066,
                        49_999_628,
                        7,
                        -16,
                        2,
                        6_621,
                        1_592,
                        -3,
                        1,
                        44,
                        ESTIMATE));
    }

    @Test
    void correctionErrorCoversTheRoundingOfTheFloatAndOfTheNanosecond() throws IOException {
        assertThat(decode(reply(state().withCorrection(0))).toSnapshot(ESTIMATE).correctionErrorNanos())
                .isEqualTo(1);
        ClockSnapshot dayLate = decode(reply(state().withCorrection(-86_400))).toSnapshot(ESTIMATE);
        assertThat(dayLate.correctionNanos()).isEqualTo(-86_400_000_000_000L);
        assertThat(dayLate.correctionErrorNanos()).isEqualTo(10_299_683 + 1);
    }

    @Test
    void hugeNumberIsRefused() throws IOException {
        Tracking tracking = decode(reply(state().withCorrection(0x1p40)));
        assertThatThrownBy(() -> tracking.toSnapshot(ESTIMATE))
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessage("chronyd reports a correction that is negative or too large: 1.099511627776E21");
    }

    @ParameterizedTest
    @CsvSource({"88, skew", "92, root delay", "96, root dispersion", "100, last update interval"})
    void negativeNumberIsRefusedWhereItMeansNothing(int offset, String name) throws IOException {
        byte[] bytes = RECORDED.clone();
        ByteBuffer.wrap(bytes).putInt(offset, TrackingReply.encodeFloat(-1e-9));
        Tracking tracking = decode(bytes);
        assertThatThrownBy(() -> tracking.toSnapshot(ESTIMATE))
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessageStartingWith("chronyd reports a " + name + " that is negative or too large: -1.0");
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "2, true", "3, false", "257, false"})
    void onlyAnIpAddressMakesTheReferenceAServer(short family, boolean isServer) throws IOException {
        byte[] bytes = RECORDED.clone();
        ByteBuffer.wrap(bytes).putShort(48, family);
        assertThat(decode(bytes).reference().isServer()).isEqualTo(isServer);
    }

    @ParameterizedTest
    @ValueSource(shorts = {4, 255, -1})
    void unknownLeapStatusIsRefused(short leap) {
        byte[] bytes = RECORDED.clone();
        ByteBuffer.wrap(bytes).putShort(54, leap);
        assertThatThrownBy(() -> decode(bytes))
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessageContaining("is not between 0 and 3");
    }

    @Test
    void referenceTimeOfADaemonWithoutHighWordIsRead() throws IOException {
        byte[] bytes = RECORDED.clone();
        ByteBuffer.wrap(bytes).putInt(56, 0x7FFFFFFF).putInt(64, -1);
        assertThat(decode(bytes).referenceTime()).isEqualTo(Instant.ofEpochSecond(1795377012, 999_999_999));
    }

    @Test
    void referenceTimeBeyondTheCalendarIsRefused() {
        byte[] bytes = RECORDED.clone();
        ByteBuffer.wrap(bytes).putInt(56, 0x7FFFFFFE);
        assertThatThrownBy(() -> decode(bytes))
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessageContaining("out of range");
    }

    @Test
    void replyMustRepeatCommandAndSequence() throws IOException {
        Reply reply = Reply.decode(ByteBuffer.wrap(reply(state())));
        assertThat(reply.isTo(Command.TRACKING, SEQUENCE)).isTrue();
        assertThat(reply.isTo(Command.TRACKING, SEQUENCE + 1)).isFalse();
        assertThat(reply.isTo(Command.SOURCE_DATA, SEQUENCE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void replyWithAnotherStartIsRefused(int offset) {
        byte[] bytes = RECORDED.clone();
        bytes[offset]++;
        assertThatThrownBy(() -> decode(bytes))
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessageContaining("not a reply of chronyd's protocol version 6");
    }

    @Test
    void shortenedReplyIsRefusedAtEveryLength() {
        for (int length = 0; length < RECORDED.length; length++) {
            byte[] bytes = Arrays.copyOf(RECORDED, length);
            assertThatThrownBy(() -> decode(bytes).toSnapshot(ESTIMATE)).isInstanceOf(ChronyProtocolException.class);
        }
    }

    @Test
    void damagedBytesGiveAValueOrTheOneException() {
        Random random = new Random(4);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = i % 2 == 0 ? damaged(random) : withRandomBody(random);
            try {
                decode(bytes).toSnapshot(ESTIMATE);
            } catch (ChronyProtocolException e) {
                refused++;
            } catch (RuntimeException e) {
                fail(HexFormat.of().formatHex(bytes), e);
            }
        }
        assertThat(refused).as("of both kinds").isBetween(50_000, 190_000);
    }

    @Test
    void damagedSourcesGiveAValueOrTheOneException() {
        Random random = new Random(6);
        byte[] body = new byte[48];
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            random.nextBytes(body);
            SourceData source = SourceData.decode(ByteBuffer.wrap(body));
            try {
                if (source.sinceSampleSeconds() <= SourceData.NEVER / 2) {
                    source.measurement(Optional.of(source.name()));
                }
            } catch (ChronyProtocolException e) {
                refused++;
            } catch (RuntimeException e) {
                fail(HexFormat.of().formatHex(body), e);
            }
        }
        assertThat(refused).as("of both kinds").isBetween(50_000, 190_000);
    }

    private static byte[] damaged(Random random) {
        byte[] bytes = Arrays.copyOf(RECORDED, random.nextInt(130));
        for (int flips = random.nextInt(8); flips > 0 && bytes.length > 0; flips--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] withRandomBody(Random random) {
        byte[] bytes = new byte[104];
        random.nextBytes(bytes);
        int kept = random.nextInt(40);
        System.arraycopy(RECORDED, 0, bytes, 0, kept);
        ByteBuffer.wrap(bytes).putShort(54, (short) random.nextInt(4));
        return bytes;
    }

    private static Tracking decode(byte[] bytes) throws ChronyProtocolException {
        return Tracking.decode(Reply.decode(ByteBuffer.wrap(bytes)).bodyOf(Command.TRACKING));
    }

    private static TrackingReply state() {
        return TrackingReply.synchronizedTo(new ReferenceId(0x7F000001, true));
    }

    private static byte[] reply(TrackingReply state) {
        return Answer.tracking(state)
                .to(Request.TRACKING.encode(0, SEQUENCE).array())
                .get(0);
    }
}
