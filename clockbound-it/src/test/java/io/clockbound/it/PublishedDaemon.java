/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The daemon of ClockBound 0.1.4, with a chronyd and a log of its own. */
final class PublishedDaemon implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path socket;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private Process process;

    private PublishedDaemon(Path directory) throws Exception {
        Path home = Files.createDirectories(directory.resolve("published"));
        socket = home.resolve("clockboundd.sock");
        Seclusion seclusion = closing(Seclusion.in(Files.createDirectory(directory.resolve("s"))));
        closing(SecludedChronyd.server(seclusion));
        closing(SecludedChronyd.client(seclusion));
        closing(seclusion.start("syslog", List.of("socat", "-u", "UNIX-RECV:/dev/log", "OPEN:/dev/null")));
        String inItsDirectory = "cd " + home + " && exec " + Crates.datagramDaemon() + " -e 1";
        SecludedProcess daemon = closing(seclusion.start("daemon", List.of("sh", "-c", inItsDirectory)));
        process = daemon.process();
        Deadline.in(PATIENCE).await(() -> "the socket of ClockBound 0.1.4", () -> {
            daemon.requireRunning();
            return Files.exists(socket);
        });
    }

    /** Starts one, where there is a cargo and namespaces can be made. */
    static Optional<PublishedDaemon> start(Path directory) throws Exception {
        return Programs.find("cargo").isPresent() && Seclusion.isAllowed()
                ? Optional.of(new PublishedDaemon(directory))
                : Optional.empty();
    }

    LoadedServer under(Program load) {
        return new LoadedServer("datagram", socket, process.toHandle(), load);
    }

    private <T extends AutoCloseable> T closing(T one) {
        running.push(one);
        return one;
    }

    @Override
    public void close() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }
}
