/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {

    static Stream<Arguments> responses() {
        return Stream.of(
                Arguments.of(
                        new Response.Interval(false, 1, 258), "01010000" + "0000000000000001" + "0000000000000102"),
                Arguments.of(
                        new Response.Interval(true, 0, Long.MAX_VALUE),
                        "01010100" + "0000000000000000" + "7fffffffffffffff"),
                Arguments.of(
                        new Response.Interval(false, 258, 258), "01010000" + "0000000000000102" + "0000000000000102"),
                Arguments.of(new Response.Verdict(RequestType.BEFORE, false, true), "0102000001"),
                Arguments.of(new Response.Verdict(RequestType.AFTER, true, false), "0103010000"),
                Arguments.of(new Response.Report(RequestType.STATUS, true, "{\"å\":1}"), "010401007b22c3a5223a317d"),
                Arguments.of(new Response.Report(RequestType.HISTORY, false, "{}"), "010500007b7d"),
                Arguments.of(new Response.Refusal(false), "01000000"),
                Arguments.of(new Response.Refusal(true), "01000100"));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void hasTheBytesOfProtocolOneBothWays(Response response, String hex) throws ProtocolException {
        ByteBuffer bytes = ByteBuffer.allocate(Response.MAX_BYTES);
        response.encode(bytes);
        bytes.flip();
        assertThat(HexFormat.of().formatHex(bytes.array(), 0, bytes.limit())).isEqualTo(hex);
        assertThat(Response.decode(bytes)).isEqualTo(response);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "010000",
                "02000000",
                "01000200",
                "0100000000",
                "0101000000000000000000010000000000000102ff",
                "0101000000000000000001030000000000000102",
                "0101000080000000000000000000000000000102",
                "0102000002",
                "01020000",
                "0106000000",
                "01040000ff",
                "010000000000000000"
            })
    void isRefusedWhenItMakesNoSense(String hex) {
        assertThatThrownBy(() -> Response.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                .isInstanceOf(ProtocolException.class);
    }

    /** As ClockBound 0.1.4 sends it. */
    @Test
    void anErrorOfTwentyBytesIsStillAnError() throws ProtocolException {
        byte[] bytes = HexFormat.of().parseHex("0100000000000000000000010000000000000102");
        assertThat(Response.decode(ByteBuffer.wrap(bytes))).isEqualTo(new Response.Refusal(false));
    }

    @Test
    void aReportHasAtMostEightKibibytesAndAnswersStatusOrHistory() throws ProtocolException {
        Response longest = new Response.Report(RequestType.STATUS, false, "å".repeat(Transport.MAX_STATUS_BYTES / 2));
        ByteBuffer bytes = ByteBuffer.allocate(Response.MAX_BYTES + 1);
        longest.encode(bytes);
        assertThat(Response.decode(bytes.flip())).isEqualTo(longest);
        assertThatThrownBy(() ->
                        new Response.Report(RequestType.STATUS, false, "x".repeat(Transport.MAX_STATUS_BYTES + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("STATUS report of 8193");
        assertThatThrownBy(() ->
                        new Response.Report(RequestType.HISTORY, false, "x".repeat(Transport.MAX_STATUS_BYTES + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HISTORY report of 8193");
        assertThatThrownBy(() -> new Response.Report(RequestType.NOW, false, "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NOW is not answered by a report");
        byte[] tooLong = new byte[Response.MAX_BYTES + 1];
        System.arraycopy(new byte[] {1, 4, 0, 0}, 0, tooLong, 0, 4);
        assertThatThrownBy(() -> Response.decode(ByteBuffer.wrap(tooLong))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void randomBytesAreEitherAResponseOrAProtocolException() {
        Random random = new Random(2);
        int responses = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && random.nextBoolean()) {
                System.arraycopy(new byte[] {1, (byte) random.nextInt(5), 0, 0}, 0, bytes, 0, 4);
            }
            try {
                Response.decode(ByteBuffer.wrap(bytes));
                responses++;
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(responses).isPositive();
    }
}
