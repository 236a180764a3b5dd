/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.socket.NativeSockets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamServerCloseTest {

    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    @Test
    void aConnectionThatFailsToCloseLeavesNoOtherOpen() throws Exception {
        List<UnclosableClients.Unclosable> connections = List.of(
                new UnclosableClients.Unclosable(),
                new UnclosableClients.Unclosable(),
                new UnclosableClients.Unclosable());
        UnclosableClients listening = new UnclosableClients(connections);
        SocketSettings settings = SocketSettings.DEFAULT.with("stream", Map.of("run-dir", directory.toString()));
        LocalClock local = LocalClock.system();
        FailureLimiter limiter = new FailureLimiter(local, failures::add);
        SettableClock clock = SettableClock.at(1_000, 2_000, ClockStatus.SYNCHRONIZED);
        TransportServer server = StreamServer.start(
                SocketPath.claim(settings, "stream", StreamTransport.SOCKET, place -> {
                    NativeSockets.chosen().listen(place, 1).close(); // the file stays
                    return listening;
                }),
                NativeSockets.chosen(),
                new Responder(clock, () -> "{}", limiter),
                connections.size(),
                local,
                limiter);
        for (UnclosableClients.Unclosable connection : connections) {
            connection.accepted.await();
        }
        server.close();
        for (UnclosableClients.Unclosable connection : connections) {
            connection.closed.await();
        }
        assertThat(failures).singleElement().asString().contains("cannot close");
    }
}
