/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
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
    void answersAgainAfterKillAndRestart() throws IOException {
        try (PrivateChronyd server = PrivateChronyd.server()) {
            server.kill();
            assertThat(server.isReplying()).isFalse();
            server.restart();
            assertThat(server.isReplying()).isTrue();
        }
    }

    @Test
    void isSilentWhileStopped() throws IOException {
        try (PrivateChronyd server = PrivateChronyd.server()) {
            server.stop();
            assertThat(server.isReplying()).isFalse();
            server.resume();
            server.awaitReply();
        }
    }

    @Test
    void closeEndsAStoppedProcessAndRemovesTheDirectory() throws IOException {
        PrivateChronyd server = PrivateChronyd.server();
        long pid = server.pid();
        Path directory = server.socket().resolveSibling("");
        server.stop();
        server.close();
        server.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(directory).doesNotExist();
        assertThatThrownBy(server::restart).isInstanceOf(IOException.class).hasMessageContaining("was closed");
    }

    @Test
    void whatChronydSaysIsInTheFailure() {
        assertThatThrownBy(() -> PrivateChronyd.server("nonsense 1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Invalid directive");
    }
}
