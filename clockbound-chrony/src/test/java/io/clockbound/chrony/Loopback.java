/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

/** What the loopback interface of this host offers. */
final class Loopback {

    private Loopback() {}

    static boolean hasIpv6() throws IOException {
        byte[] address = new byte[16];
        address[15] = 1;
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(address), 0))) {
            return socket.isBound();
        } catch (SocketException e) {
            return false;
        }
    }
}
