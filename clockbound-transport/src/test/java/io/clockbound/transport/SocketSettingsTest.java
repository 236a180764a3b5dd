/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketSettingsTest {

    @ParameterizedTest
    @CsvSource({"0660, rw-rw----", "666, rw-rw-rw-", "0777, rwxrwxrwx", "600, rw-------"})
    void readsAnOctalMode(String octal, String letters) {
        assertThat(with("socket-mode", octal).mode()).isEqualTo(PosixFilePermissions.fromString(letters));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "66", "0o660", "1666", "0888", "rw-rw----", "00666", "-666"})
    void refusesAnInvalidModeAndGivesAnExample(String mode) {
        assertThatThrownBy(() -> with("socket-mode", mode))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + mode + "'")
                .hasMessageContaining("0660");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0066", "0466", "0266"})
    void refusesAModeThatShutsTheOwnerOut(String mode) {
        assertThatThrownBy(() -> with("socket-mode", mode))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0600");
    }

    @Test
    void refusesAnUnknownSettingAndListsTheKnownOnes() {
        assertThatThrownBy(() -> new DatagramTransport().with(Map.of("socket-mod", "0660")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("run-dir, socket-group, socket-mode");
    }

    @Test
    void refusesAnEmptyDirectory() {
        assertThatThrownBy(() -> with("run-dir", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/run/clockboundd");
    }

    @Test
    void keepsTheSettingsThatAreNotGiven() {
        SocketSettings settings = with("socket-group", "adm").with("datagram", Map.of("run-dir", "/tmp/x/../y"));
        assertThat(settings).isEqualTo(new SocketSettings(Path.of("/tmp/y"), SocketSettings.DEFAULT.mode(), "adm"));
    }

    private static SocketSettings with(String name, String value) {
        return SocketSettings.DEFAULT.with("datagram", Map.of(name, value));
    }
}
