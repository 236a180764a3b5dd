/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.Deadline;
import io.clockbound.it.Program;
import io.clockbound.it.Programs;
import io.clockbound.it.SecludedProcess;
import io.clockbound.it.Seclusion;
import io.clockbound.it.interop.Crates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The daemon of ClockBound 0.1.4, with a chronyd and a log of its own. */
final class PublishedDaemon implements AutoCloseable {

    private final Path socket;
    private final Deque<Runnable> running = new ArrayDeque<>();
    private final Process process;

    private PublishedDaemon(Path directory) throws Exception {
        try {
            Path home = Files.createDirectories(directory.resolve("published"));
            socket = home.resolve("clockboundd.sock");
            Seclusion seclusion = Seclusion.in(Files.createDirectory(directory.resolve("s")));
            running.push(seclusion::close);
            running.push(seclusion.server()::close);
            running.push(seclusion.chronyd(List.of(Seclusion.SERVER))::close);
            start(seclusion, "syslog", "socat", "-u", "UNIX-RECV:/dev/log", "OPEN:/dev/null");
            // it panics without a syslog
            String inItsDirectory = "until [ -S /dev/log ]; do sleep 0.05; done; cd " + home + " && exec "
                    + Crates.datagramDaemon() + " -e 1";
            SecludedProcess daemon = start(seclusion, "daemon", "sh", "-c", inItsDirectory);
            process = daemon.process();
            Deadline.await(() -> "the socket of ClockBound 0.1.4", () -> {
                daemon.requireRunning();
                return Files.exists(socket);
            });
        } catch (Exception e) {
            close();
            throw e;
        }
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

    private SecludedProcess start(Seclusion seclusion, String name, String... words) throws IOException {
        SecludedProcess started = seclusion.start(name, List.of(words));
        running.push(started::close);
        return started;
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().run();
        }
    }
}
