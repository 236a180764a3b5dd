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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFramingTest {

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(
                        new Response.Interval(false, 1, 258), "01010000" + "0000000000000001" + "0000000000000102"),
                Arguments.of(new Response.Verdict(RequestType.AFTER, true, true), "0103010001"),
                Arguments.of(new Response.Refusal(true), "01000100"),
                Arguments.of(new Response.Report(RequestType.STATUS, true, "{}"), "01040100" + "00000002" + "7b7d"),
                Arguments.of(new Response.Report(RequestType.HISTORY, true, "{}"), "01050100" + "00000002" + "7b7d"),
                Arguments.of(new Response.Report(RequestType.STATUS, false, ""), "01040000" + "00000000"),
                Arguments.of(
                        new Response.Report(RequestType.STATUS, false, "x".repeat(Transport.MAX_STATUS_BYTES)),
                        "01040000" + "00002000" + "78".repeat(Transport.MAX_STATUS_BYTES)));
    }

    @Test
    void theMaximumSizeOfAResponseIsThatOfTheLongestOfItsType() {
        for (RequestType type : RequestType.values()) {
            boolean isReport = type == RequestType.STATUS || type == RequestType.HISTORY;
            assertThat(Response.maxBytes(type)).isEqualTo(isReport ? 4 + Transport.MAX_STATUS_BYTES : 20);
            assertThat(StreamFraming.maxBytes(type)).isEqualTo(isReport ? 8 + Transport.MAX_STATUS_BYTES : 20);
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aResponseHasTheLengthOfItsType(Response answer, String hex) throws ProtocolException {
        ByteBuffer bytes = ByteBuffer.allocate(7 + StreamFraming.MAX_BYTES).position(7);
        answer.encode(bytes);
        if (answer instanceof Response.Report) {
            StreamFraming.insertLength(bytes, 7);
        }
        bytes.flip().position(7);
        byte[] written = new byte[bytes.remaining()];
        bytes.duplicate().get(written);
        assertThat(HexFormat.of().formatHex(written)).isEqualTo(hex);
        for (int length = 0; length < written.length; length++) {
            assertThat(StreamFraming.hasResponse(ByteBuffer.wrap(written, 0, length)))
                    .as(length + " bytes are not all of it")
                    .isFalse();
        }
        assertThat(StreamFraming.hasResponse(bytes)).isTrue();
        assertThat(StreamFraming.decodeResponse(bytes)).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "010001000100",
                "01010000000000000000000100000000000001020a",
                "02000000",
                "01060000",
                "01040000ffffffff",
                "0104000000002001"
            })
    void bytesThatAreNoAnswerAreRefused(String hex) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        assertThatThrownBy(() -> {
                    assertThat(StreamFraming.hasResponse(bytes)).isTrue();
                    StreamFraming.decodeResponse(bytes);
                })
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void requestsAreTakenOneByOne() throws ProtocolException {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex("01010000" + "010200000000000000000007" + "0104"));
        assertThat(StreamFraming.takeRequest(bytes)).isEqualTo(Request.NOW);
        assertThat(StreamFraming.hasRequest(bytes)).isTrue();
        assertThat(StreamFraming.takeRequest(bytes)).isEqualTo(new Request(RequestType.BEFORE, 7));
        assertThat(StreamFraming.hasRequest(bytes)).isFalse();
        assertThat(bytes.remaining()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"010300, false", "01030000, false", "0103000000000000000000, false", "02030000, true", "01060000, true"
    })
    void aHeaderThatIsNoneIsNotWaitedFor(String hex, boolean enough) {
        assertThat(StreamFraming.hasRequest(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                .isEqualTo(enough);
    }

    @Test
    void randomBytesAreResponsesOrProtocolExceptions() {
        Random random = new Random(3);
        int answers = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(30)];
            random.nextBytes(bytes);
            if (bytes.length > 8 && random.nextBoolean()) {
                System.arraycopy(new byte[] {1, (byte) random.nextInt(5), 0, 0, 0, 0, 0, 1}, 0, bytes, 0, 8);
            }
            try {
                ByteBuffer received = ByteBuffer.wrap(bytes);
                if (StreamFraming.hasResponse(received)) {
                    StreamFraming.decodeResponse(received);
                    answers++;
                }
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(answers).isPositive();
    }
}
