/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;

/** The address that metrics are served at, as people write it: {@code HOST:PORT}, {@code [IPV6]:PORT} or {@code :PORT}. */
public final class MetricsAddress {

    private static final int MAX_PORT = 65_535;

    private MetricsAddress() {}

    /**
     * Returns the address; without a host it is on the loopback interface.
     *
     * @throws IllegalArgumentException when the text is no such address, or its host has none
     */
    static InetSocketAddress parse(String text) {
        String stripped = text.strip();
        URI uri;
        try {
            uri = new URI("http://" + (stripped.startsWith(":") ? "localhost" + stripped : stripped));
        } catch (URISyntaxException e) {
            throw wrong(text);
        }
        String host = uri.getHost();
        if (host == null
                || uri.getPort() < 1
                || uri.getPort() > MAX_PORT
                || !uri.getRawPath().isEmpty()) {
            throw wrong(text);
        }
        InetSocketAddress address = stripped.startsWith(":")
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort())
                : new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), uri.getPort());
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(
                    "metrics-address '" + text + "': the host '" + host + "' has no address; write a numeric one");
        }
        return address;
    }

    /** Returns an address as it was written, with brackets around an address of IPv6. */
    public static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("metrics-address '" + text
                + "' must be HOST:PORT with a port from 1 to 65535, such as 127.0.0.1:9911 or [::1]:9911");
    }
}
