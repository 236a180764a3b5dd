/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import io.clockbound.socket.NativeSockets;
import io.clockbound.socket.StreamServerSocket;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Protocol 1 on a Unix stream socket, {@code clockboundd.stream.sock}: with connections, on which no response is lost or
 * mistaken for another.
 */
public final class StreamTransport implements Transport {

    static final String SOCKET = "clockboundd.stream.sock";

    private static final String MAX_CONNECTIONS = "max-connections";
    private static final int DEFAULT_MAX_CONNECTIONS = 64;
    private static final int LARGEST_MAX_CONNECTIONS = 1_000;

    private final SocketSettings settings;
    private final int maxConnections;

    /** Creates the transport with the default settings. */
    public StreamTransport() {
        this(SocketSettings.DEFAULT, DEFAULT_MAX_CONNECTIONS);
    }

    private StreamTransport(SocketSettings settings, int maxConnections) {
        this.settings = settings;
        this.maxConnections = maxConnections;
    }

    @Override
    public String name() {
        return "stream";
    }

    @Override
    public Set<String> settingNames() {
        Set<String> names = new HashSet<>(SocketSettings.NAMES);
        names.add(MAX_CONNECTIONS);
        return Set.copyOf(names);
    }

    @Override
    public Transport with(Map<String, String> changes) {
        Services.requireKnown(name(), changes, settingNames());
        Map<String, String> ofSocket = new HashMap<>(changes);
        String number = ofSocket.remove(MAX_CONNECTIONS);
        return new StreamTransport(
                settings.with(name(), ofSocket), number == null ? maxConnections : parseMaxConnections(number));
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
        SocketPath<StreamServerSocket> path =
                SocketPath.claim(settings, name(), SOCKET, place -> sockets.listen(place, StreamServer.BACKLOG));
        return StreamServer.start(
                path, sockets, new Responder(clock, reports, limiter), maxConnections, local, limiter);
    }

    private static int parseMaxConnections(String number) {
        if (number.matches("[0-9]{1,4}")) {
            int parsed = Integer.parseInt(number);
            if (parsed >= 1 && parsed <= LARGEST_MAX_CONNECTIONS) {
                return parsed;
            }
        }
        throw new IllegalArgumentException(
                MAX_CONNECTIONS + " '" + number + "' is not a number from 1 to " + LARGEST_MAX_CONNECTIONS);
    }
}
