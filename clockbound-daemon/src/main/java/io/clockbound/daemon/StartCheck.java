/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.spi.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What only a start would find, found without one: nothing is bound, created or left behind. */
final class StartCheck {

    private StartCheck() {}

    /** Returns what would keep a valid configuration from working on this machine, for this user, now. */
    static List<String> problems(DaemonConfig config) {
        Stream<Service<?>> services = Stream.<Collection<? extends Service<?>>>of(
                        List.of(config.source()), config.providers(), config.transports())
                .flatMap(Collection::stream);
        return Stream.concat(
                        services.flatMap(service -> service.problems().stream()),
                        config.metricsAddress().flatMap(StartCheck::problem).stream())
                .distinct()
                .toList();
    }

    /** Tells whether an address is none of this machine; a port in use is that of the daemon which a restart will replace. */
    private static Optional<String> problem(InetSocketAddress address) {
        try {
            boolean isOurs = address.getAddress().isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address.getAddress()) != null;
            return isOurs
                    ? Optional.empty()
                    : Optional.of("metrics-address " + address.getHostString() + ":" + address.getPort()
                            + " is no address of this machine; 127.0.0.1 or :" + address.getPort()
                            + " is reached from this machine alone, 0.0.0.0 from others, too");
        } catch (IOException e) {
            return Optional.of("metrics-address: the interfaces of this machine cannot be read: " + e.getMessage());
        }
    }
}
