/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** A client of protocol 1, as another process would be. */
final class DatagramClient implements AutoCloseable {

    private static final byte[] NOW = {1, 1, 0, 0};
    private static final int PATIENCE_MILLIS = 10_000;

    private final AFUNIXDatagramSocket socket;
    private final Path own;

    DatagramClient(Path server, Path own) throws IOException {
        this.own = own;
        socket = AFUNIXDatagramSocket.newInstance();
        socket.bind(AFUNIXSocketAddress.of(own));
        socket.connect(AFUNIXSocketAddress.of(server));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Asks between which two instants true time lies and returns the bytes of the answer. */
    byte[] now() throws IOException {
        socket.send(new DatagramPacket(NOW, NOW.length));
        DatagramPacket answer = new DatagramPacket(new byte[64], 64);
        socket.receive(answer);
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    @Override
    public void close() throws IOException {
        socket.close();
        Files.deleteIfExists(own);
    }
}
