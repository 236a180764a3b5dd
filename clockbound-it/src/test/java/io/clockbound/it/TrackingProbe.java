/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** Asks a chronyd for its TRACKING report, in code that the daemon under test does not share. */
final class TrackingProbe implements AutoCloseable {

    private static final int LENGTH = 104;
    private static final int PATIENCE_MILLIS = 50;

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final LocalClock clock = LocalClock.system();
    private final DatagramSocket socket;
    private final byte[] request = ByteBuffer.allocate(LENGTH)
            .put(0, (byte) 6)
            .put(1, (byte) 1)
            .putShort(4, (short) 33)
            .array();
    private int sequence;

    private TrackingProbe(DatagramSocket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Asks at a UDP port of 127.0.0.1. */
    static TrackingProbe udp(int commandPort) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(loopback, 0));
        socket.connect(loopback, commandPort);
        return new TrackingProbe(socket);
    }

    /** Asks at a Unix socket, in whichever network its chronyd is, from a socket beside it. */
    static TrackingProbe unix(Path chronyd) throws IOException {
        Path own = chronyd.resolveSibling("probe-" + NAMES.incrementAndGet());
        AFUNIXDatagramSocket socket = AFUNIXDatagramSocket.newInstance();
        socket.bind(AFUNIXSocketAddress.of(own));
        socket.connect(AFUNIXSocketAddress.of(chronyd));
        return new TrackingProbe(socket);
    }

    /**
     * What a chronyd says of the wall clock.
     *
     * @param askedNanos wall clock before the question
     * @param answeredNanos wall clock after the answer
     * @param correctionNanos what it would add to the wall clock
     * @param distanceNanos how wrong it thinks it may be: root dispersion + root delay / 2
     */
    record Tracking(long askedNanos, long answeredNanos, double correctionNanos, double distanceNanos) {

        double boundNanos() {
            return Math.abs(correctionNanos) + distanceNanos;
        }
    }

    /** Asks once; nothing when no answer comes. */
    Optional<Tracking> ask() {
        ByteBuffer.wrap(request).putInt(8, ++sequence);
        DatagramPacket reply = new DatagramPacket(new byte[LENGTH], LENGTH);
        long askedNanos = clock.epochNanos();
        try {
            socket.send(new DatagramPacket(request, LENGTH));
            ByteBuffer fields = ByteBuffer.wrap(reply.getData());
            do { // an answer to an earlier question may have been on its way
                socket.receive(reply);
            } while (fields.getInt(16) != sequence || fields.getShort(8) != 0);
            long answeredNanos = clock.epochNanos();
            double distanceNanos = nanos(fields, 96) + nanos(fields, 92) / 2;
            return Optional.of(new Tracking(askedNanos, answeredNanos, nanos(fields, 68), distanceNanos));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /** Decodes a chrony float: an exponent of 7 bits and a coefficient of 25, both signed. */
    private static double nanos(ByteBuffer fields, int offset) {
        int bits = fields.getInt(offset);
        return Math.scalb((double) (bits << 7 >> 7), (bits >> 25) - 25) * 1e9;
    }
}
