/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChronyAddressTest {

    private static final String ALLOWED =
            "; allowed are unix:PATH, HOST:PORT, [IPV6]:PORT or several of them, separated by commas";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\" | \"\" | is empty",
                "\" \" | \"\" | is empty",
                "127.0.0.1:323, | \"\" | is empty",
                "127.0.0.1 | 127.0.0.1 | the port is missing; chronyd's is 323",
                "127.0.0.1: | 127.0.0.1: | the port is missing; chronyd's is 323",
                "[::1] | [::1] | the port is missing; chronyd's is 323",
                "[::1]: | [::1]: | the port is missing; chronyd's is 323",
                "127.0.0.1:0 | 127.0.0.1:0 | port '0' is not between 1 and 65535",
                "127.0.0.1:65536 | 127.0.0.1:65536 | port '65536' is not between 1 and 65535",
                "127.0.0.1:-1 | 127.0.0.1:-1 | port '-1' is not between 1 and 65535",
                "localhost:ntp | localhost:ntp | port 'ntp' is not between 1 and 65535",
                "localhost:999999999999 | localhost:999999999999 | port '999999999999' is not between 1 and 65535",
                "::1:323 | ::1:323 | an IPv6 address must be in brackets, as in [::1]:323",
                "[::1:323 | [::1:323 | an IPv6 address must be in brackets, as in [::1]:323",
                "[127.0.0.1]:323 | [127.0.0.1]:323 | brackets must enclose an IPv6 address",
                "[]:323 | []:323 | brackets must enclose an IPv6 address",
                "[fe80::zz]:323 | [fe80::zz]:323 | brackets must enclose an IPv6 address",
                ":323 | :323 | '' is not a host",
                "127.0.0.256:323 | 127.0.0.256:323 | '127.0.0.256' is not a host",
                "127.0.1:323 | 127.0.1:323 | '127.0.1' is not a host",
                "127.0.0.1.:323 | 127.0.0.1.:323 | '127.0.0.1.' is not a host",
                "a b:323 | a b:323 | 'a b' is not a host",
                "/run/chrony/chronyd.sock | /run/chrony/chronyd.sock | '/run/chrony/chronyd.sock' is not a host",
                "unix: | unix: | the path must be that of a file and begin with /, as in unix:/run/chrony/chronyd.sock",
                "unix:a.sock | unix:a.sock | the path must be that of a file and begin with /,"
                        + " as in unix:/run/chrony/chronyd.sock",
                "unix:/run/ | unix:/run/ | the path must be that of a file and begin with /,"
                        + " as in unix:/run/chrony/chronyd.sock",
                "localhost:323, unix:b | unix:b | the path must be that of a file and begin with /,"
                        + " as in unix:/run/chrony/chronyd.sock",
            })
    void badAddressIsNamedWithTheRule(String list, String bad, String rule) {
        assertThatThrownBy(() -> new ChronyTimeSource().with(Map.of("address", list)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address '" + bad + "': " + rule + ALLOWED);
    }

    @Test
    void pathThatTheKernelCannotHoldIsRefused() {
        String path = "/" + "x".repeat(107);
        assertThatThrownBy(() -> ChronyAddress.parseList("unix:" + path))
                .hasMessage("address 'unix:" + path + "': the path is longer than 107 bytes" + ALLOWED);
        assertThat(ChronyAddress.parseList("unix:" + path.substring(1).replaceFirst("x", "/")))
                .hasSize(1);
    }

    @Test
    void pathWithAZeroIsRefused() {
        assertThatThrownBy(() -> ChronyAddress.parseList("unix:/a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Nul character not allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:323",
                "localhost:1",
                "time-1.example_net:65535",
                "3com:323",
                "[::1]:323",
                "[::ffff:127.0.0.1]:323",
                "unix:/run/chrony/chronyd.sock",
                "unix:/a b:323"
            })
    void goodAddressIsWrittenAsItWasRead(String text) {
        assertThat(ChronyAddress.join(ChronyAddress.parseList(text))).isEqualTo(text);
    }

    @Test
    void listKeepsItsOrderAndDropsRepetitions() {
        assertThat(ChronyAddress.parseList(" [::1]:11323,unix:/a , [::1]:11323"))
                .containsExactly(new UdpAddress("::1", 11323), new UnixAddress(Path.of("/a")));
    }

    @Test
    void unknownSettingIsRefused() {
        assertThatThrownBy(() -> new ChronyTimeSource().with(Map.of("port", "323")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'port' is no setting of chrony; it has address");
    }

    @Test
    void itIsInstalledUnderItsNameAndAsksWhereChronydListensByDefault() {
        TimeSource source = Services.named(TimeSource.class, "chrony");
        assertThat(source).isInstanceOf(ChronyTimeSource.class);
        assertThat(source.peer()).isEqualTo("unix:/run/chrony/chronyd.sock, 127.0.0.1:323, [::1]:323");
        assertThat(source.with(Map.of()).peer()).isEqualTo(source.peer());
    }
}
