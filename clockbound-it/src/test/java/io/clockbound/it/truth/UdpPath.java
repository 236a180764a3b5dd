/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A network path of loopback between an NTP client and its server, whose delay each way can be set and which can be cut.
 *
 * <p>A packet waits for the one before it in its direction, which at four packets a second never happens.
 */
public final class UdpPath implements AutoCloseable {

    private static final int LARGEST_PACKET = 2048;

    private final DatagramSocket clientSide;
    private final DatagramSocket serverSide =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private volatile @Nullable SocketAddress client;
    private volatile long toServerNanos;
    private volatile long toClientNanos;
    private volatile boolean isCut;

    /** Opens a path without delay, at whose end the server seems to be on 127.0.0.1. */
    public UdpPath(int serverPort) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), serverPort);
    }

    /** Opens a path without delay, at whose end the server seems to be elsewhere on the loopback interface. */
    public UdpPath(InetSocketAddress seenAt, int serverPort) throws IOException {
        clientSide = new DatagramSocket(seenAt);
        serverSide.connect(InetAddress.getLoopbackAddress(), serverPort);
        new Thread(this::carryToServer, "path-to-server").start();
        new Thread(this::carryToClient, "path-to-client").start();
    }

    /** Returns the address where the server seems to be. */
    public String address() {
        return clientSide.getLocalAddress().getHostAddress();
    }

    /** Returns the port where the server seems to be. */
    public int port() {
        return clientSide.getLocalPort();
    }

    public void delay(Duration toServer, Duration toClient) {
        toServerNanos = toServer.toNanos();
        toClientNanos = toClient.toNanos();
    }

    /** Loses every packet from now on. */
    public void cut() {
        isCut = true;
    }

    /** Loses no packet any more. */
    public void mend() {
        isCut = false;
    }

    @Override
    public void close() {
        clientSide.close();
        serverSide.close();
    }

    private void carryToServer() {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST_PACKET], LARGEST_PACKET);
        while (receive(clientSide, packet)) {
            client = packet.getSocketAddress();
            pass(packet, toServerNanos, serverSide, serverSide.getRemoteSocketAddress());
        }
    }

    private void carryToClient() {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST_PACKET], LARGEST_PACKET);
        while (receive(serverSide, packet)) {
            pass(packet, toClientNanos, clientSide, client);
        }
    }

    private void pass(DatagramPacket packet, long delayNanos, DatagramSocket to, @Nullable SocketAddress receiver) {
        if (isCut || receiver == null) {
            return;
        }
        LockSupport.parkNanos(delayNanos);
        try {
            packet.setSocketAddress(receiver);
            to.send(packet);
        } catch (IOException e) {
            // a network loses packets; a closed socket ends the loop at its next receive
        }
    }

    private static boolean receive(DatagramSocket socket, DatagramPacket packet) {
        packet.setLength(LARGEST_PACKET);
        while (!socket.isClosed()) {
            try {
                socket.receive(packet);
                return true;
            } catch (IOException e) {
                // nothing listens at the other end yet: receive again
            }
        }
        return false;
    }
}
