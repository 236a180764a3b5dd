/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only the foreign-function interface can do, or do wrong. */
@Timeout(60)
class ForeignCallsTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void requireIt() {
        assumeTrue(NativeChoice.ffm.obstacle().isEmpty(), "this runtime is older than Java 22");
    }

    @Test
    void anAbstractNameThatEndsInZerosIsAsLongAsItIs() throws IOException {
        NativeSockets sockets = ForeignSockets.link();
        UnixName name = UnixName.inAbstractNamespace("clockbound-test-zeros\0\0");
        try (DatagramServerSocket server = sockets.bind(directory.resolve("s"), 100_000);
                UnixDatagramSocket client = sockets.open();
                UnixDatagramSocket shorter = sockets.open()) {
            client.bind(name);
            client.connect(UnixName.of(directory.resolve("s")));
            shorter.bind(UnixName.inAbstractNamespace("clockbound-test-zeros"));
            shorter.connect(UnixName.of(directory.resolve("s")));
            client.send(ByteBuffer.wrap(new byte[] {1}));
            DatagramPeer peer = new DatagramPeer(sockets);
            NativeBytes bytes = sockets.allocate(10);
            assertThat(server.receive(bytes, peer, -1)).isTrue();
            assertThat(peer.length()).isEqualTo(2 + 1 + name.toString().length() - 1);
            bytes.bytes().flip();
            assertThat(server.send(bytes, peer)).isTrue();
            assertThat(client.receive(ByteBuffer.allocate(10))).isEqualTo(1);
            assertThat(shorter.receive(ByteBuffer.allocate(10))).isZero();
        }
    }

    /** Neither can be said of junixsocket: it sends no empty datagram, and takes one behind another request for none. */
    @Test
    void anEmptyDatagramOfAClientWithoutANameIsReceivedWithoutOneWhateverCameBefore() throws IOException {
        NativeSockets sockets = ForeignSockets.link();
        try (DatagramServerSocket server = sockets.bind(directory.resolve("s"), 100_000);
                UnixDatagramSocket named = sockets.open();
                UnixDatagramSocket nameless = sockets.open()) {
            named.bind(UnixName.inAbstractNamespace("clockbound-test-named"));
            DatagramPeer peer = new DatagramPeer(sockets);
            NativeBytes bytes = sockets.allocate(10);
            for (long waitMillis : new long[] {-1, 0, 10}) {
                named.send(ByteBuffer.wrap(new byte[] {1}), UnixName.of(directory.resolve("s")));
                nameless.send(ByteBuffer.allocate(0), UnixName.of(directory.resolve("s")));
                bytes.bytes().clear();
                assertThat(server.receive(bytes, peer, waitMillis)).isTrue();
                assertThat(bytes.bytes().position()).isEqualTo(1);
                assertThat(peer).hasToString("@clockbound-test-named");
                assertThat(server.receive(bytes, peer, waitMillis)).isTrue();
                assertThat(bytes.bytes().position()).isEqualTo(1);
                assertThat(peer.isEmpty()).isTrue();
            }
        }
    }

    @Test
    void aLengthBeyondTheRoomForANameOrBelowThatOfItsFamilyIsNotBelieved() throws IOException {
        DatagramPeer peer = new DatagramPeer(ForeignSockets.link());
        byte[] path = ("\1\0/" + "x".repeat(107)).getBytes(StandardCharsets.ISO_8859_1);
        peer.set(path);
        for (int written : new int[] {111, 128, Integer.MAX_VALUE}) {
            peer.writeLength(written);
            peer.received();
            assertThat(peer.length()).isEqualTo(110);
            assertThat(peer).hasToString("/" + "x".repeat(107));
        }
        for (int written : new int[] {2, 1, 0, -1, Integer.MIN_VALUE}) {
            peer.writeLength(written);
            peer.received();
            assertThat(peer.isEmpty()).isTrue();
        }
    }

    @Test
    void theErrorOfACallIsThatOfItsThread() throws Exception {
        assertThat(ForeignCalls.close(-1)).isEqualTo(-9);
        Thread other = new Thread(() -> assertThat(ForeignCalls.socket(-1)).isEqualTo(-22));
        other.start();
        other.join();
        assertThat(ForeignCalls.shutdown(-1, ForeignCalls.SHUT_RD)).isEqualTo(-9);
        NativeBytes bytes = ForeignCalls.allocate(10);
        DatagramPeer peer = new DatagramPeer(ForeignSockets.link());
        assertThat(ForeignCalls.receive(-1, bytes, 0, null)).isEqualTo(-9);
        assertThat(ForeignCalls.send(-1, bytes, 0, null, 0)).isEqualTo(-9);
        assertThat(ForeignCalls.quickReceive(-1, bytes, 0, peer)).isEqualTo(-1);
        assertThat(ForeignCalls.quickSend(-1, bytes, 0, peer.memory(), 0)).isEqualTo(-1);
    }

    @Test
    void onlyAFullQueueAndAKernelWithoutMemoryAreNoRoom() {
        for (int error = 0; error < 200; error++) {
            assertThat(Errno.isNoRoom(-error)).isEqualTo(error == 11 || error == 12 || error == 105);
        }
        assertThat(Errno.failure(-111)).isInstanceOf(ConnectException.class);
        assertThat(Errno.failure(-13)).hasMessage("Permission denied").isNotInstanceOf(ConnectException.class);
        assertThat(Errno.failure(-99)).hasMessage("error 99 of the system (errno)");
    }

    @Test
    void memoryIsWhereItsAddressSays() {
        NativeBytes bytes = ForeignCalls.allocate(16);
        bytes.bytes().order(ByteOrder.nativeOrder()).putInt(0, 7);
        assertThat(bytes.address()).isNotZero();
        assertThat(bytes.address() % Integer.BYTES).isZero();
    }

    @Test
    void foreignFunctionsAreTheDefaultAndJunixsocketCanBeChosen() throws IOException {
        assertThat(NativeChoice.auto.sockets().name()).isEqualTo("ffm");
        assertThat(NativeChoice.junixsocket.sockets().name()).isEqualTo("junixsocket");
    }

    @Test
    void aClosedServerSocketIsAnErrorAndNoOtherFile() throws IOException {
        NativeSockets sockets = ForeignSockets.link();
        DatagramServerSocket server = sockets.bind(directory.resolve("s"), 100_000);
        server.close();
        server.close();
        DatagramPeer peer = new DatagramPeer(sockets);
        NativeBytes bytes = sockets.allocate(10);
        try (UnixDatagramSocket next = sockets.open()) { // which has its number now
            next.bind(UnixName.of(directory.resolve("next")));
            next.connect(UnixName.of(directory.resolve("next")));
            next.send(ByteBuffer.wrap(new byte[] {1}));
            assertThatThrownBy(() -> server.receive(bytes, peer, 0)).hasMessage("Bad file descriptor");
            assertThatThrownBy(() -> server.receive(bytes, peer, -1)).hasMessage("Bad file descriptor");
            assertThat(server.hasRequest()).isFalse();
        }
    }
}
