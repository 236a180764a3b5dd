/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A UDP port of chronyd.
 *
 * @param host name or address; a name is looked up whenever a socket is opened
 * @param port 1 to 65535
 */
record UdpAddress(String host, int port) implements ChronyAddress {

    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\[\\]]*)](?::(.*))?");
    private static final Pattern PLAIN = Pattern.compile("([^:\\[\\]]*)(?::([^:]*))?");
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");
    private static final Pattern FOUR_NUMBERS =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.|$)){4}(?<!\\.)");

    static UdpAddress parse(String text) {
        if (text.isEmpty()) {
            throw ChronyAddress.bad(text, "is empty");
        }
        Matcher bracketed = BRACKETED.matcher(text);
        if (bracketed.matches()) {
            if (!isIpv6(bracketed.group(1))) {
                throw ChronyAddress.bad(text, "brackets must enclose an IPv6 address");
            }
            return new UdpAddress(bracketed.group(1), port(text, bracketed.group(2)));
        }
        Matcher plain = PLAIN.matcher(text);
        if (!plain.matches()) {
            throw ChronyAddress.bad(text, "an IPv6 address must be in brackets, as in [::1]:323");
        }
        String host = plain.group(1);
        if (NUMBERS.matcher(host).matches()
                ? !FOUR_NUMBERS.matcher(host).matches()
                : !HOST_NAME.matcher(host).matches()) {
            throw ChronyAddress.bad(text, "'" + host + "' is not a host");
        }
        return new UdpAddress(host, port(text, plain.group(2)));
    }

    private static boolean isIpv6(String host) {
        try {
            // brackets keep this from asking a name server
            return InetAddress.getByName("[" + host + "]").getAddress().length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static int port(String text, @Nullable String digits) {
        if (digits == null || digits.isEmpty()) {
            throw ChronyAddress.bad(text, "the port is missing; chronyd's is 323");
        }
        int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65535) {
            throw ChronyAddress.bad(text, "port '" + digits + "' is not between 1 and 65535");
        }
        return port;
    }

    @Override
    public Connection connect(HostLookup names, long lookupNanos) throws IOException {
        InetAddress ip = isNumeric() ? InetAddress.getByName(host) : names.find(host, lookupNanos);
        DatagramChannel channel = open(ip);
        try {
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(ip, port));
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot be reached: " + e.getMessage(), e);
        }
        return ChannelConnection.of(channel);
    }

    @Override
    public void requireHost(HostLookup names, long lookupNanos) throws IOException {
        if (!isNumeric()) {
            names.find(host, lookupNanos);
        }
    }

    private static DatagramChannel open(InetAddress ip) throws IOException {
        try {
            return DatagramChannel.open(
                    ip instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        } catch (UnsupportedOperationException e) {
            throw new IOException("cannot be reached: this machine has no IPv6", e);
        }
    }

    private boolean isNumeric() {
        return host.contains(":") || NUMBERS.matcher(host).matches();
    }

    @Override
    public IOException explain(IOException failure) {
        return failure instanceof PortUnreachableException
                ? new ConnectException(
                        "connection refused: nothing listens there; is chronyd running, with this cmdport?")
                : failure;
    }

    @Override
    public String whyNoReply() {
        return "no reply: chronyd is stopped, or does not reply to this host (see cmdallow and bindcmdaddress)";
    }

    // by hand: those of a record are generated at their first use, which would be during every start
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UdpAddress address && address.port == port && address.host.equals(host);
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
