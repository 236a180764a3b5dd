/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests and responses by datagrams, by every way into the kernel. */
class DatagramExchangeTest extends EachNativeSockets {

    @ParameterizedTest
    @MethodSource("all")
    void aRequestIsAnsweredByTheNameOfItsSender(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-answered")) {
            Exchange exchange = new Exchange(sockets, server);
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(bytes("ask"))).isTrue();
                assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("ask");
                assertThat(exchange.peer).hasToString("@clockbound-test-answered");
                assertThat(exchange.answer("told")).isTrue();
                assertThat(client.await(SelectionKey.OP_READ, LONG_MILLIS)).isTrue();
                assertThat(received(client, 100)).isEqualTo("told");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingIsReceivedWhereNothingWaits(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-nothing")) {
            Exchange exchange = new Exchange(sockets, server);
            assertThat(exchange.receive(0)).isNull();
            assertThat(exchange.receive(1)).isNull();
            assertThat(server.hasRequest()).isFalse();
            assertThat(server.isWritable()).isTrue();
            assertThat(client.receive(ByteBuffer.allocate(10))).isZero();
            assertThat(client.await(SelectionKey.OP_READ, 1)).isFalse();
            assertThat(client.await(SelectionKey.OP_WRITE, 1)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsLongerThanTheBufferIsCutOffAndTheNextIsWhole(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-long")) {
            Exchange exchange = new Exchange(sockets, server);
            client.send(bytes("x".repeat(5_000)));
            client.send(bytes("short"));
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("x".repeat(Exchange.CAPACITY));
            assertThat(exchange.answer("0123456789")).isTrue();
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("short");
            assertThat(exchange.answer("0123456789")).isTrue();
            assertThat(received(client, 4)).isEqualTo("0123");
            assertThat(received(client, 100)).isEqualTo("0123456789");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aClientThatIsGoneCostsTheServerNothing(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-alive")) {
            Exchange exchange = new Exchange(sockets, server);
            try (UnixDatagramSocket gone = connected(sockets, "clockbound-test-gone")) {
                gone.send(bytes("ask"));
            }
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("ask");
            assertThatThrownBy(() -> exchange.answer("told"))
                    .isInstanceOf(DatagramServerSocket.ClientGoneException.class)
                    .hasMessage("client @clockbound-test-gone cannot be answered");
            client.send(bytes("again"));
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("again");
            assertThat(exchange.answer("told")).isTrue();
            assertThat(received(client, 100)).isEqualTo("told");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aFullQueueTakesNoMoreAndIsNoFailure(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-full")) {
            Exchange exchange = new Exchange(sockets, server);
            int sent = 0;
            while (client.send(bytes("ask"))) {
                sent++;
            }
            assertThat(sent).isPositive();
            assertThat(client.await(SelectionKey.OP_WRITE, 1)).isFalse();
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("ask");
            byte[] name = exchange.peer.copy();
            for (int i = 1; i < sent; i++) {
                assertThat(exchange.receive(0)).isEqualTo("ask");
            }
            assertThat(exchange.receive(0)).isNull();
            exchange.peer.set(name);
            int answered = 0;
            while (exchange.answer("told")) {
                answered++;
            }
            assertThat(answered).isPositive();
            assertThat(client.await(SelectionKey.OP_WRITE, 1)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aDatagramIsSentToANameWithoutAConnection(NativeSockets sockets) throws IOException {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = sockets.open()) {
            assertThat(client.send(bytes("READY=1"), UnixName.of(path()))).isTrue();
            Exchange exchange = new Exchange(sockets, server);
            assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("READY=1");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theCollectorTakesNoMemoryOfACall(NativeSockets sockets) throws Exception {
        try (DatagramServerSocket server = bind(sockets);
                UnixDatagramSocket client = connected(sockets, "clockbound-test-collector")) {
            CountDownLatch done = new CountDownLatch(1);
            CompletableFuture<Long> collecting = run("door-collector", () -> {
                long collections = 0;
                while (done.getCount() > 0) {
                    System.gc();
                    collections++;
                }
                return collections;
            });
            try {
                for (int i = 0; i < 2_000; i++) {
                    Exchange exchange = new Exchange(sockets, server); // its memory is garbage after this round
                    client.send(bytes("ask " + i));
                    assertThat(exchange.receive(UNTIL_WOKEN)).isEqualTo("ask " + i);
                    assertThat(exchange.answer("told " + i)).isTrue();
                    assertThat(received(client, 100)).isEqualTo("told " + i);
                }
            } finally {
                done.countDown();
            }
            assertThat(collecting.join()).isPositive();
        }
    }
}
