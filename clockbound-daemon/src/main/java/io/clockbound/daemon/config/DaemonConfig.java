/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import io.clockbound.BoundSettings;
import io.clockbound.VmClock;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.TimeSource;
import io.clockbound.transport.Transport;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the daemon is to do, valid as a whole.
 *
 * @param log how it writes its log
 * @param bound what the operator vouches for
 * @param source whom to ask
 * @param providers who knows the errors of reference clocks
 * @param vmClock where the hypervisor tells of disruptions
 * @param transports how to serve
 * @param isEachTransportNeeded whether it is an error that one of them can't serve, and not only the first
 * @param metricsAddress where metrics and health are served; empty when they are not
 * @param warnings what is allowed and yet worth a word, said once at start
 */
public record DaemonConfig(
        LogSettings log,
        BoundSettings bound,
        TimeSource source,
        List<ErrorBoundProvider> providers,
        Optional<VmClock> vmClock,
        List<Transport> transports,
        boolean isEachTransportNeeded,
        Optional<InetSocketAddress> metricsAddress,
        List<String> warnings) {

    public DaemonConfig {
        providers = List.copyOf(providers);
        transports = List.copyOf(transports);
        warnings = List.copyOf(warnings);
    }
}
