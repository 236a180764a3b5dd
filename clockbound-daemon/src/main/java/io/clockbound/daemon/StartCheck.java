/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.VmClock;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.daemon.config.MetricsAddress;
import io.clockbound.daemon.metrics.MetricsServer;
import io.clockbound.spi.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What only a start would find, found without one: nothing is left behind. */
final class StartCheck {

    private StartCheck() {}

    /** Returns what would keep a valid configuration from working on this machine, for this user, now. */
    static List<String> problems(DaemonConfig config) {
        Stream<Service<?>> services = Stream.<Collection<? extends Service<?>>>of(
                        List.of(config.source()), config.providers(), config.transports())
                .flatMap(Collection::stream);
        return Stream.of(
                        services.flatMap(service -> service.problems().stream()),
                        config.vmClock().flatMap(StartCheck::problem).stream(),
                        config.metricsAddress().flatMap(StartCheck::problem).stream())
                .flatMap(found -> found)
                .distinct()
                .toList();
    }

    private static Optional<String> problem(VmClock vmClock) {
        try (vmClock) {
            vmClock.read();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("vmclock " + e.getMessage());
        }
    }

    /**
     * Returns why metrics could not be served at an address: it is none of this machine, another program serves there, or this
     * user may not.
     */
    private static Optional<String> problem(InetSocketAddress address) {
        try {
            boolean isOurs = address.getAddress().isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address.getAddress()) != null;
            return isOurs
                    ? MetricsServer.problem(address)
                    : Optional.of("metrics-address " + MetricsAddress.text(address)
                            + " is no address of this machine; 127.0.0.1 or :" + address.getPort()
                            + " is reached from this machine alone, 0.0.0.0 from others, too");
        } catch (IOException e) {
            return Optional.of("metrics-address: the interfaces of this machine cannot be read: " + e.getMessage());
        }
    }
}
