/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import io.clockbound.socket.DatagramServerSocket;
import io.clockbound.socket.NativeSockets;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Protocol 1 on a Unix datagram socket, {@code clockboundd.sock}, as ClockBound 0.1 serves it. */
public final class DatagramTransport implements Transport {

    static final String SOCKET = "clockboundd.sock";

    private final SocketSettings settings;

    /** Creates the transport with the default settings. */
    public DatagramTransport() {
        this(SocketSettings.DEFAULT);
    }

    private DatagramTransport(SocketSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "datagram";
    }

    @Override
    public Set<String> settingNames() {
        return SocketSettings.NAMES;
    }

    @Override
    public Transport with(Map<String, String> changes) {
        return new DatagramTransport(settings.with(name(), changes));
    }

    @Override
    public List<String> problems() {
        return SocketPath.problems(settings, SOCKET);
    }

    @Override
    public TransportServer serve(BoundedClock clock, Reports reports, LocalClock local, Consumer<IOException> failures)
            throws IOException {
        FailureLimiter limiter = new FailureLimiter(local, failures);
        NativeSockets sockets = NativeSockets.chosen();
        SocketPath<DatagramServerSocket> path = SocketPath.claim(
                settings, name(), SOCKET, place -> sockets.bind(place, DatagramServerSocket.LARGEST_SEND_BUFFER));
        return DatagramServer.start(path, sockets, new Responder(clock, reports, limiter), local, limiter);
    }
}
