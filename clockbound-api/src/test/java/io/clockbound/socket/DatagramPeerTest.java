/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatagramPeerTest {

    private static final String FAMILY = "\1\0";

    private final DatagramPeer name = new DatagramPeer(new JunixSockets());

    /** What {@code bind} calls it, how long the kernel says that it is, and how people write it. */
    @ParameterizedTest
    @CsvSource({
        "/run/client, 14, /run/client",
        "client, 9, client",
        "@00a1b, 8, @00a1b",
    })
    void isAsLongAsItsBytes(String bound, int length, String shown) {
        receive(FAMILY + bound.replace('@', '\0'));
        assertThat(name.length()).isEqualTo(length);
        assertThat(name).hasToString(shown);
        assertThat(name.isEmpty()).isFalse();
    }

    @Test
    void anAbstractNameMayContainZeros() {
        receive(FAMILY + "\0a\0b");
        assertThat(name.length()).isEqualTo(6);
        assertThat(name).hasToString("@a\0b");
    }

    @Test
    void mayFillAllTheRoom() {
        receive(FAMILY + "\0" + "x".repeat(107));
        assertThat(name.length()).isEqualTo(110);
        receive(FAMILY + "/" + "x".repeat(107));
        assertThat(name.length()).isEqualTo(110);
        assertThat(name).hasToString("/" + "x".repeat(107));
    }

    @Test
    void isEmptyWhenTheKernelWroteNothing() {
        receive(FAMILY + "/run/client");
        receive("");
        assertThat(name.isEmpty()).isTrue();
        assertThat(name).hasToString("without a name");
    }

    @Test
    void isTheSameAfterACopyAndBack() {
        receive(FAMILY + "/run/client");
        byte[] copy = name.copy();
        receive(FAMILY + "/another/and/longer");
        name.set(copy);
        assertThat(name.length()).isEqualTo(14);
        assertThat(name).hasToString("/run/client");
    }

    /** Does what junixsocket does: clears the memory and lets the kernel write into it. */
    private void receive(String address) {
        while (name.bytes().hasRemaining()) {
            name.bytes().put((byte) 0);
        }
        name.bytes().clear().put(0, address.getBytes(StandardCharsets.ISO_8859_1));
        name.measure();
    }
}
