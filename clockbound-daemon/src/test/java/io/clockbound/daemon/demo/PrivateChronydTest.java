/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PrivateChronydTest {

    @BeforeAll
    static void chronyIsInstalled() {
        assumeTrue(PrivateChronyd.isInstalled(), "chronyd and chronyc are not on this machine");
    }

    @Test
    void serverIsMovedAwayFromTheLocalClock() throws IOException {
        try (PrivateChronyd server = PrivateChronyd.server()) {
            server.chronyc("doffset", "-0.05");
            assertThat(server.chronyc("tracking")).contains("0.050000").contains("slow of NTP time");
        }
    }

    @Test
    void clientHasTheServerAsItsSource() throws IOException {
        try (PrivateChronyd server = PrivateChronyd.server();
                PrivateChronyd client = PrivateChronyd.client(server.ntpPort(), "maxclockerror 60")) {
            assertThat(client.ntpPort()).isZero();
            assertThat(client.chronyc("sources")).contains("127.0.0.1");
        }
    }

    @Test
    void whatChronydSaysIsInTheFailure() {
        assertThatThrownBy(() -> PrivateChronyd.server("nonsense 1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Invalid directive");
    }
}
