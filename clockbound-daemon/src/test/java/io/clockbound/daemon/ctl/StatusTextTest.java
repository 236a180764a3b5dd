/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.daemon.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTextTest {

    @Test
    void unitsAreThoseOfPeopleAndWhatIsUnknownIsShownAsItIs() throws IOException {
        String json = "{\"status\":\"UNKNOWN\",\"is_trusted\":false,\"bound\":{\"now_ns\":1500,\"max_drift_ppb\":50001,"
                + "\"earliest_epoch_ns\":1000000001},\"none\":[],\"some\":[\"a\",\"b\"],\"new_thing\":3}";
        assertThat(StatusText.of(Json.read(json)).lines())
                .containsExactly(
                        "status                      UNKNOWN",
                        "trusted                     no",
                        "bound",
                        "  now                       1.5 µs",
                        "  max drift                 50.001 ppm",
                        "  earliest                  1970-01-01T00:00:01.000000001Z",
                        "none                        none",
                        "some",
                        "  a",
                        "  b",
                        "new thing                   3");
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        String json = "{\"a\":{\"b\":[1,\"€ \\\" \\n\",true,{}],\"c\":-9223372036854775808}}";
        assertThat(Json.write(Json.read(json))).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "{", "{\"a\":}", "{\"a\":[1,", "nonsense", "{\"a\":99999999999999999999}"})
    void whatIsNoObjectIsRefused(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IOException.class);
    }
}
