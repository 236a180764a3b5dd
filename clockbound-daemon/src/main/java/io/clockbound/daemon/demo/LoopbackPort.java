/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/** A UDP port of 127.0.0.1. */
record LoopbackPort(int number) {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int PATIENCE_MILLIS = 200;

    /** chrony's protocol version 6, a request, the command TRACKING; a request is as long as its reply. */
    private static final byte[] TRACKING_REQUEST = ByteBuffer.allocate(104)
            .put(0, (byte) 6)
            .put(1, (byte) 1)
            .putShort(4, (short) 33)
            .array();

    /** Finds a port that nobody uses now. */
    static LoopbackPort free() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            return new LoopbackPort(socket.getLocalPort());
        }
    }

    /** Tells whether a chronyd answers here. */
    boolean isAnswering() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            socket.connect(LOOPBACK, number);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.send(new DatagramPacket(TRACKING_REQUEST, TRACKING_REQUEST.length));
            socket.receive(new DatagramPacket(new byte[TRACKING_REQUEST.length], TRACKING_REQUEST.length));
            return true;
        } catch (PortUnreachableException | SocketTimeoutException e) {
            return false;
        }
    }
}
