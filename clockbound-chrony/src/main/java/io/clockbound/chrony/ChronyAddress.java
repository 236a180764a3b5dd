/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** An address of chronyd; its text is as in the setting {@code address}. */
sealed interface ChronyAddress permits UdpAddress, UnixAddress {

    /** The addresses at which chronyd listens by default. */
    String DEFAULT = "unix:/run/chrony/chronyd.sock, 127.0.0.1:323, [::1]:323";

    /**
     * Opens a socket to it, non-blocking.
     *
     * @param lookupNanos how long looking up a name may take
     */
    Connection connect(HostLookup names, long lookupNanos) throws IOException;

    /** Looks up its name, if it has one; fails when there is no such host. */
    default void requireHost(HostLookup names, long lookupNanos) throws IOException {}

    /** Fails when this user may not ask there, whether anybody listens or not. */
    default void requirePermission() throws AccessDeniedException {}

    /** Returns a failure of that socket with its meaning and the remedy. */
    IOException explain(IOException failure);

    /** Returns why no reply may come, and the remedy. */
    String whyNoReply();

    /**
     * Returns the addresses of a comma-separated list.
     *
     * @throws IllegalArgumentException when it is empty or one of them is bad; it names that one and the rule
     */
    static List<ChronyAddress> parseList(String list) {
        List<ChronyAddress> addresses = new ArrayList<>();
        for (String item : list.split(",", -1)) {
            ChronyAddress address = parse(item.strip());
            if (!addresses.contains(address)) {
                addresses.add(address);
            }
        }
        return List.copyOf(addresses);
    }

    /** Returns the text of a list. */
    static String join(List<ChronyAddress> addresses) {
        return addresses.stream().map(ChronyAddress::toString).collect(Collectors.joining(", "));
    }

    private static ChronyAddress parse(String text) {
        return text.startsWith(UnixAddress.PREFIX) ? UnixAddress.parse(text) : UdpAddress.parse(text);
    }

    /** Returns the exception for a bad address. */
    static IllegalArgumentException bad(String text, String rule) {
        return new IllegalArgumentException("address '" + text + "': " + rule
                + "; allowed are unix:PATH, HOST:PORT, [IPV6]:PORT or several of them, separated by commas");
    }
}
