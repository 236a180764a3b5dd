/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.TestChronyd;
import java.io.File;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** Asks a chronyd for its TRACKING report, in code that the daemon under test does not share. */
public final class TrackingProbe implements AutoCloseable {

    private static final AtomicInteger PROBES = new AtomicInteger();
    private static final int LENGTH = 104;
    private static final int PATIENCE_MILLIS = 50;

    private final LocalClock clock = LocalClock.system();
    private final DatagramSocket socket;
    private final Optional<Path> own;
    private final byte[] request = ByteBuffer.allocate(LENGTH)
            .put(0, (byte) 6)
            .put(1, (byte) 1)
            .putShort(4, (short) 33)
            .array();
    private int sequence;

    /** Asks on its UDP port where it has one, else on its Unix socket. */
    public static TrackingProbe of(TestChronyd chronyd) throws IOException {
        return chronyd.commandPort() == 0
                ? new TrackingProbe(chronyd.socket())
                : new TrackingProbe(chronyd.commandPort());
    }

    /** Asks on a UDP port of 127.0.0.1. */
    private TrackingProbe(int commandPort) throws IOException {
        this(
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), commandPort),
                Optional.empty());
    }

    /** Asks on a Unix socket, under a name beside it. */
    private TrackingProbe(Path server) throws IOException {
        this(server, server.resolveSibling("probe" + PROBES.incrementAndGet() + ".sock"));
    }

    private TrackingProbe(Path server, Path own) throws IOException {
        this(bound(own), AFUNIXSocketAddress.of(server), Optional.of(own));
    }

    private TrackingProbe(DatagramSocket socket, SocketAddress server, Optional<Path> own) throws IOException {
        this.socket = socket;
        this.own = own;
        socket.connect(server);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /**
     * What a chronyd says of the wall clock.
     *
     * @param askedNanos wall clock before the question
     * @param answeredNanos wall clock after the answer
     * @param correctionNanos what it would add to the wall clock
     * @param distanceNanos how wrong it thinks it may be: root dispersion + root delay / 2
     */
    public record Tracking(long askedNanos, long answeredNanos, double correctionNanos, double distanceNanos) {

        public double boundNanos() {
            return Math.abs(correctionNanos) + distanceNanos;
        }
    }

    /** Asks once; nothing when no answer comes. */
    public Optional<Tracking> ask() {
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
        own.map(Path::toFile).ifPresent(File::delete);
    }

    private static DatagramSocket bound(Path own) throws IOException {
        DatagramSocket socket = AFUNIXDatagramSocket.newInstance();
        socket.bind(AFUNIXSocketAddress.of(own));
        return socket;
    }

    /** Decodes a chrony float: an exponent of 7 bits and a coefficient of 25, both signed. */
    private static double nanos(ByteBuffer fields, int offset) {
        int bits = fields.getInt(offset);
        return Math.scalb((double) (bits << 7 >> 7), (bits >> 25) - 25) * 1e9;
    }
}
