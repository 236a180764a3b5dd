/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonStatusTest {

    private static final String TRUSTED = """
        {"status":"SYNCHRONIZED","is_trusted":true,
         "last_poll":{"result":"SYNCHRONIZED","detail":"synchronised"},
         "interval":{"earliest_epoch_ns":1,"latest_epoch_ns":9223372036854775807},
         "bound":{"now_ns":25123,"terms":{"measurement_ns":-4,"growth_ns":1.5e3}},
         "source":{"name":"chrony","peer":"127.0.0.1:323"},
         "warnings":["caf\\u00e9 \\"quoted\\" \\\\ \\/ \\n"], "changes": [ ], "left_out": null,
         "version":"1.0.0","pid":42,"uptime_ns":7}
        """;

    @Test
    void aReportOfATrustedClockHasItsInterval() throws IOException {
        assertThat(DaemonStatus.of(TRUSTED))
                .isEqualTo(new DaemonStatus(
                        ClockStatus.SYNCHRONIZED,
                        "synchronised",
                        Optional.of(new BoundedInstant(1, Long.MAX_VALUE, ClockStatus.SYNCHRONIZED)),
                        "127.0.0.1:323",
                        List.of("caf\u00e9 \"quoted\" \\ / \n"),
                        "1.0.0",
                        42,
                        TRUSTED));
    }

    @Test
    void aReportWithoutTrustHasTheReasonAndNoInterval() throws IOException {
        DaemonStatus status = DaemonStatus.of(
                "{\"status\":\"UNKNOWN\",\"why\":\"chronyd does not answer\",\"last_poll\":{\"detail\":\"of"
                        + " before\"},\"source\":{\"name\":\"chrony\"},\"version\":\"2\",\"pid\":1}");
        assertThat(status.interval()).isEmpty();
        assertThat(status.why()).isEqualTo("chronyd does not answer");
        assertThat(status.peer()).isEmpty();
        assertThat(status.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":tru}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"x",
                "{\"a\":99999999999999999999}",
                "{\"a\":1} x"
            })
    void whatIsNoJsonObjectIsRefusedWithItsPlace(String text) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DaemonStatus.of(text))
                .withMessageContaining("not a JSON object: at character ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"status\":1}",
                "{\"status\":\"FINE\"}",
                "{\"status\":\"UNKNOWN\",\"last_poll\":{\"detail\":\"x\"},\"version\":\"1\"}",
                "{\"status\":\"SYNCHRONIZED\",\"last_poll\":{\"detail\":\"x\"},\"version\":\"1\",\"pid\":1}",
                "{\"status\":\"SYNCHRONIZED\",\"last_poll\":{\"detail\":\"x\"},\"version\":\"1\",\"pid\":1,"
                        + "\"interval\":{\"earliest_epoch_ns\":2,\"latest_epoch_ns\":1}}"
            })
    void whatIsNoStatusReportIsRefused(String json) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DaemonStatus.of(json))
                .withMessageStartingWith("the status report has ");
    }

    @Test
    void noTextOverflowsTheStackOrFailsInAnotherWay() throws IOException {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> JsonReader.object("{\"a\":" + "[".repeat(100_000)))
                .withMessageContaining("deeper than");
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder spoilt = new StringBuilder(TRUSTED);
            spoilt.setCharAt(random.nextInt(spoilt.length()), "{}[],:\"\\0x ".charAt(random.nextInt(11)));
            try {
                Map<String, Object> read = JsonReader.object(spoilt.toString());
                assertThat(read).isNotEmpty();
            } catch (IOException e) {
                assertThat(e).isInstanceOf(ProtocolException.class);
            }
        }
    }
}
