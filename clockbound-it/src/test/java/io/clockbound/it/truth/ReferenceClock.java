/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** A reference clock that is wrong, and tells chronyd ten times a second what it shows. */
public final class ReferenceClock implements AutoCloseable {

    /** What chronyd calls it. */
    static final String NAME = "GPS";

    /** More than it is wrong by. */
    public static final Duration ERROR = Duration.ofMillis(1);

    private static final double WRONG_BY_SECONDS = 0.0008;
    private static final int LENGTH = 40;
    private static final int MAGIC = 0x534f434b;
    private static final long PERIOD_MILLIS = 100;

    private final LocalClock clock = LocalClock.system();
    private final AFUNIXDatagramSocket socket;
    private final Thread thread = new Thread(this::tell, "reference-clock");
    private @Nullable IOException failure;

    /** Makes one for the chronyd that listens on a Unix socket. */
    public ReferenceClock(Path chronyd) throws IOException {
        socket = AFUNIXDatagramSocket.newInstance();
        socket.connect(AFUNIXSocketAddress.of(chronyd));
    }

    /** Begins to tell. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() throws IOException {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
        if (failure != null) {
            throw failure;
        }
    }

    private void tell() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                socket.send(new DatagramPacket(sample(clock.epochNanos()), LENGTH));
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Returns what a wall clock that is right seems to be off by. */
    private static byte[] sample(long wallNanos) {
        return ByteBuffer.allocate(LENGTH)
                .order(ByteOrder.nativeOrder())
                .putLong(0, wallNanos / 1_000_000_000)
                .putLong(8, wallNanos / 1_000 % 1_000_000)
                .putDouble(16, WRONG_BY_SECONDS)
                .putInt(36, MAGIC)
                .array();
    }
}
