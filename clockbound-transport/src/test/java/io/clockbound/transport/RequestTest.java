/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        "0103abcdffffffffffffffff, AFTER, -1",
        "010500000000000000000007, HISTORY, 7"
    })
    void isReadWhateverItsReservedBytesSay(String hex, RequestType type, long epochNanos) {
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
                "01060000",
                "01020000",
                "0102000000000000000000",
                "01020000000000000000000000",
                "010100000000000000000000",
                "00000000"
            })
    void isMalformedWhenVersionTypeOrSizeIsWrong(String hex) {
        assertThat(Request.decode(bytes(hex))).isEqualTo(Request.MALFORMED);
    }

    @ParameterizedTest
    @EnumSource(value = RequestType.class, mode = EnumSource.Mode.EXCLUDE, names = "MALFORMED")
    void survivesEncodingAndDecoding(RequestType type) {
        Request request = new Request(type, type.requestBytes() == Request.MAX_BYTES ? Long.MIN_VALUE + 3 : 0);
        ByteBuffer bytes = ByteBuffer.allocate(Request.MAX_BYTES);
        request.encode(bytes);
        assertThat(Request.decode(bytes.flip())).isEqualTo(request);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void randomBytesAreARequestThatEncodesToThemOrMalformed() {
        Random random = new Random(1);
        int requests = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(16)];
            random.nextBytes(bytes);
            if (bytes.length > 3 && random.nextBoolean()) {
                System.arraycopy(new byte[] {1, (byte) random.nextInt(5), 0, 0}, 0, bytes, 0, 4);
            }
            Request request = Request.decode(ByteBuffer.wrap(bytes));
            if (!request.equals(Request.MALFORMED)) {
                ByteBuffer encoded = ByteBuffer.allocate(Request.MAX_BYTES);
                request.encode(encoded);
                bytes[2] = 0;
                bytes[3] = 0;
                assertThat(encoded.flip()).isEqualTo(ByteBuffer.wrap(bytes));
                requests++;
            }
        }
        assertThat(requests).isPositive();
    }

    @Test
    void aTypeThatNamesNoInstantTakesNone() {
        assertThatThrownBy(() -> new Request(RequestType.NOW, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NOW")
                .hasMessageContaining("7");
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
