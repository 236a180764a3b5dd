/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {

    @ParameterizedTest
    @CsvSource({
        "01010000, NOW, 0",
        "0101ffff, NOW, 0",
        "0104ffff, STATUS, 0",
        "010200000000000000000007, BEFORE, 7",
        "0103abcdffffffffffffffff, AFTER, -1"
    })
    void isReadWhateverItsReservedBytesSay(String hex, RequestType type, long epochNanos) throws ProtocolException {
        assertThat(Request.decode(bytes(hex))).isEqualTo(new Request(type, epochNanos));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01",
                "010100",
                "0101000000",
                "02010000",
                "01000000",
                "01050000",
                "01020000",
                "0102000000000000000000",
                "01020000000000000000000000",
                "010100000000000000000000",
                "00000000"
            })
    void isRefusedWhenVersionTypeOrSizeIsWrong(String hex) {
        assertThatThrownBy(() -> Request.decode(bytes(hex))).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @EnumSource(value = RequestType.class, mode = EnumSource.Mode.EXCLUDE, names = "MALFORMED")
    void survivesEncodingAndDecoding(RequestType type) throws ProtocolException {
        Request request = new Request(type, type.requestBytes() == Request.MAX_BYTES ? Long.MIN_VALUE + 3 : 0);
        ByteBuffer bytes = ByteBuffer.allocate(Request.MAX_BYTES);
        request.encode(bytes);
        assertThat(Request.decode(bytes.flip())).isEqualTo(request);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void randomBytesAreEitherARequestOrAProtocolException() {
        Random random = new Random(1);
        int requests = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(16)];
            random.nextBytes(bytes);
            if (bytes.length > 1 && random.nextBoolean()) {
                bytes[0] = 1;
                bytes[1] = (byte) random.nextInt(5);
            }
            try {
                Request.decode(ByteBuffer.wrap(bytes));
                requests++;
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).contains("request");
            }
        }
        assertThat(requests).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"999, true", "1000, false", "2000, false", "2001, false", "-1, false"})
    void beforeIsCertainOnlyBelowTheEarliest(long epochNanos, boolean certain) {
        assertThat(answer(RequestType.BEFORE, epochNanos, 1_000, 2_000))
                .isEqualTo(new Response.Verdict(RequestType.BEFORE, false, certain));
    }

    @ParameterizedTest
    @CsvSource({"999, false", "1000, false", "2000, false", "2001, true", "-1, true"})
    void afterIsCertainOnlyAboveTheLatest(long epochNanos, boolean certain) {
        assertThat(answer(RequestType.AFTER, epochNanos, 1_000, 2_000))
                .isEqualTo(new Response.Verdict(RequestType.AFTER, false, certain));
    }

    @Test
    void endsBeforeTheEpochBecomeTheEpoch() {
        assertThat(answer(RequestType.NOW, 0, -5, 7)).isEqualTo(new Response.Interval(false, 0, 7));
        assertThat(answer(RequestType.BEFORE, 0, -5, 7))
                .isEqualTo(new Response.Verdict(RequestType.BEFORE, false, false));
    }

    @Test
    void anIntervalThatEndsBeforeTheEpochCannotBeTold() {
        assertThat(answer(RequestType.NOW, 0, -5, 0)).isEqualTo(new Response.Interval(false, 0, 0));
        assertThat(answer(RequestType.NOW, 0, -5, -1)).isEqualTo(new Response.Refusal(false));
        assertThat(answer(RequestType.AFTER, 1, -5, -1))
                .isEqualTo(new Response.Verdict(RequestType.AFTER, false, true));
    }

    @Test
    void nothingComesAfterAnIntervalThatReachesTheEndOfTheTimeLine() {
        assertThat(answer(RequestType.AFTER, Long.MIN_VALUE, 1_000, Long.MAX_VALUE))
                .isEqualTo(new Response.Verdict(RequestType.AFTER, false, false));
    }

    @Test
    void freeRunningAnswersWithTheFlagUp() {
        BoundedInstant now = new BoundedInstant(1, 9, ClockStatus.FREE_RUNNING);
        assertThat(new Request(RequestType.NOW, 0).answeredAt(now)).isEqualTo(new Response.Interval(true, 1, 9));
    }

    @ParameterizedTest
    @EnumSource(
            value = ClockStatus.class,
            names = {"UNKNOWN", "DISRUPTED"})
    void clockWithoutTrustRefuses(ClockStatus status) {
        BoundedInstant now = BoundedInstant.unbounded(status);
        assertThat(new Request(RequestType.AFTER, -1).answeredAt(now)).isEqualTo(new Response.Refusal(true));
    }

    private static Response answer(RequestType type, long epochNanos, long earliestNanos, long latestNanos) {
        return new Request(type, epochNanos)
                .answeredAt(new BoundedInstant(earliestNanos, latestNanos, ClockStatus.SYNCHRONIZED));
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
