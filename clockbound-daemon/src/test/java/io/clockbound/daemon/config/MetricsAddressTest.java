/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9911", " 127.0.0.1:9911", "[::1]:9911", ":9911"})
    void anAddressOfTheLoopbackInterface(String text) {
        InetSocketAddress address = MetricsAddress.parse(text);
        assertThat(address.getPort()).isEqualTo(9911);
        assertThat(address.getAddress().isLoopbackAddress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9911", "[0:0:0:0:0:0:0:1]:9911", "[0:0:0:0:0:0:0:0]:1"})
    void itIsWrittenAsItIsRead(String text) {
        assertThat(MetricsAddress.text(MetricsAddress.parse(text))).isEqualTo(text);
    }

    @Test
    void anAddressOfAllInterfacesHasToBeAskedFor() {
        assertThat(MetricsAddress.parse("0.0.0.0:9911").getAddress().isAnyLocalAddress())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "9911",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:0",
                "127.0.0.1:65536",
                "::1:9911",
                "a b:1",
                "h:1/x"
            })
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> MetricsAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("127.0.0.1:9911");
    }
}
