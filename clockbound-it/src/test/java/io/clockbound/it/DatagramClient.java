/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** A client of protocol 1 that believes nothing: it hands out what was on the wire. */
public final class DatagramClient implements IntervalReader {

    private static final byte[] NOW = {1, 1, 0, 0};
    private static final int NOW_RESPONSE_LENGTH = 20;
    private static final int PATIENCE_MILLIS = 60_000;

    private final LocalClock clock = LocalClock.system();
    private final Path path;
    private final AFUNIXDatagramSocket socket;
    private final DatagramPacket answer = new DatagramPacket(new byte[1024], 1024);

    public DatagramClient(Path path, Path server) throws IOException {
        this.path = path;
        this.socket = AFUNIXDatagramSocket.newInstance();
        socket.bind(AFUNIXSocketAddress.of(path));
        socket.connect(AFUNIXSocketAddress.of(server));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Sends a request and returns the response. */
    public byte[] ask(byte... request) throws IOException {
        socket.send(new DatagramPacket(request, request.length));
        answer.setLength(answer.getData().length);
        socket.receive(answer);
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    /** Asks for the interval. */
    @Override
    public Reading now() throws IOException {
        long beforeNanos = clock.epochNanos();
        ByteBuffer response = ByteBuffer.wrap(ask(NOW));
        long afterNanos = clock.epochNanos();
        boolean isInterval = response.get(1) == 1;
        if (response.get(0) != 1 || response.limit() != (isInterval ? NOW_RESPONSE_LENGTH : NOW.length)) {
            throw new IOException("not a response to 'now': " + Arrays.toString(response.array()));
        }
        if (!isInterval) {
            return new Reading(beforeNanos, afterNanos, ClockStatus.UNKNOWN, 0, 0);
        }
        ClockStatus status = response.get(2) == 0 ? ClockStatus.SYNCHRONIZED : ClockStatus.FREE_RUNNING;
        return new Reading(beforeNanos, afterNanos, status, response.getLong(4), response.getLong(12));
    }

    @Override
    public void close() throws IOException {
        socket.close();
        Files.deleteIfExists(path);
    }
}
