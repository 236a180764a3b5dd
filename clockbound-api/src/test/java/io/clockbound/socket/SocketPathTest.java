/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is at the path of a socket, by every way into the kernel: somebody who listens, nobody, nothing, a successor. */
class SocketPathTest extends EachNativeSockets {

    @ParameterizedTest
    @MethodSource("all")
    void whereNobodyListensTheConnectionIsRefused(NativeSockets sockets) throws IOException {
        UnixDatagramSocket client;
        try (DatagramServerSocket server = bind(sockets)) {
            client = connected(sockets, "clockbound-test-refused");
            assertThat(sockets.isServed(path())).isTrue();
            assertThat(server.hasRequest()).isFalse();
        }
        try (client;
                UnixDatagramSocket late = sockets.open()) {
            assertThatThrownBy(() -> client.send(bytes("ask"))).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> late.connect(UnixName.of(path()))).isInstanceOf(ConnectException.class);
        }
        assertThat(sockets.isServed(path())).isFalse();
    }

    @ParameterizedTest
    @MethodSource("all")
    void whereNothingIsTheFailureSaysSo(NativeSockets sockets) throws IOException {
        UnixName nowhere = UnixName.of(directory.resolve("nowhere"));
        try (UnixDatagramSocket client = sockets.open();
                UnixDatagramSocket other = sockets.open()) {
            assertThatThrownBy(() -> client.connect(nowhere))
                    .isInstanceOf(SocketException.class)
                    .isNotInstanceOf(ConnectException.class)
                    .hasMessageContaining("No such file or directory");
            assertThatThrownBy(() -> other.send(bytes("ask"), nowhere))
                    .hasMessageContaining("No such file or directory");
        }
        assertThatThrownBy(() -> sockets.bind(directory.resolve("nowhere/s"), SEND_BUFFER_BYTES))
                .hasMessage("cannot bind a socket at " + directory.resolve("nowhere/s"))
                .cause()
                .hasMessageContaining("No such file or directory");
        try (DatagramServerSocket server = bind(sockets)) {
            assertThat(server.hasRequest()).isFalse();
            assertThatThrownBy(() -> bind(sockets)).cause().hasMessageContaining("in use");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRetiredSocketAnswersWhatWaitsAndTakesNothingNew(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket old = bind(sockets);
                DatagramServerSocket successor = sockets.bind(directory.resolve("new"), SEND_BUFFER_BYTES);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-retired")) {
            client.send(bytes("ask"));
            old.retire(directory.resolve("new"));
            assertThatThrownBy(() -> client.send(bytes("late"))).isInstanceOf(IOException.class);
            Exchange exchange = new Exchange(sockets, old);
            assertThat(exchange.receive(0)).isEqualTo("ask");
            assertThat(old.hasRequest()).isFalse();
            assertThat(successor.hasRequest()).isFalse();
        }
    }
}
