/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.kill;

import io.clockbound.LocalClock;
import io.clockbound.testing.FakeBoundedClock;
import io.clockbound.transport.ShmTransport;
import io.clockbound.transport.TransportServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A process that writes into the segments of some directories without pause, a thread for each, until it is killed. */
final class KilledWriter {

    private KilledWriter() {}

    /** Opens the segments and says so; goes on when it is told to, and says so when each has a record of its own. */
    public static void main(String[] directories) throws Exception {
        LocalClock local = LocalClock.system();
        List<TransportServer> servers = new ArrayList<>();
        for (String directory : directories) {
            servers.add(serve(Path.of(directory), local));
        }
        System.out.println("opened");
        if (System.in.read() < 0) {
            return;
        }
        CountDownLatch written = new CountDownLatch(servers.size());
        servers.forEach(server -> new Thread(() -> write(server, local, written)).start());
        written.await();
        System.out.println("writing");
    }

    private static TransportServer serve(Path directory, LocalClock local) throws IOException {
        return new ShmTransport()
                .with(Map.of("shm-dir", directory.toString()))
                .serve(
                        new FakeBoundedClock(Instant.EPOCH),
                        () -> "{}",
                        local,
                        failure -> System.out.println(failure.getMessage()));
    }

    private static void write(TransportServer server, LocalClock local, CountDownLatch written) {
        server.publish(RelatedRecord.unanswered());
        server.publish(RelatedRecord.now(local));
        written.countDown();
        while (true) {
            server.publish(RelatedRecord.now(local));
        }
    }
}
