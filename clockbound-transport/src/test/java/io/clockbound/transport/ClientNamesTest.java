/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.newsclub.net.unix.AFUNIXSocketAddress;

class ClientNamesTest {

    private final ClientNames names = new ClientNames();

    @Test
    void restoresAPaddedNameAndRemembersIt() throws IOException {
        AFUNIXSocketAddress restored = names.restore(padded("\0short"));
        assertThat(restored.getPathAsBytes()).isEqualTo(bytes("\0short"));
        assertThat(names.restore(padded("\0short"))).isSameAs(restored);
    }

    @Test
    void tellsNamesApartThatDifferInCaseOnly() throws IOException {
        names.restore(padded("\0name"));
        assertThat(names.restore(padded("\0NAME")).getPathAsBytes()).isEqualTo(bytes("\0NAME"));
    }

    @Test
    void leavesPathsAndFullNamesAlone() throws IOException {
        for (String name : new String[] {"/tmp/client", "\0" + "x".repeat(107)}) {
            AFUNIXSocketAddress received = AFUNIXSocketAddress.of(bytes(name));
            assertThat(names.restore(received)).isSameAs(received);
        }
        assertThat(names.size()).isZero();
    }

    @Test
    void remembersABoundedNumber() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            names.restore(padded("\0" + i));
        }
        assertThat(names.size()).isEqualTo(1_024);
    }

    @Test
    void aNameOfZerosAloneStaysOne() throws IOException {
        assertThat(names.restore(padded("\0\0\0")).getPathAsBytes()).isEqualTo(new byte[1]);
    }

    private static AFUNIXSocketAddress padded(String name) throws IOException {
        return AFUNIXSocketAddress.of(Arrays.copyOf(bytes(name), 108));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
