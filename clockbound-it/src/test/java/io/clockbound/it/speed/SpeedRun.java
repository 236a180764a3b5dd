/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Measures the daemon of the distribution and its clients beside programs in C, which do no more than they must, and beside
 * those that AWS published.
 */
final class SpeedRun implements AutoCloseable {

    private final SpeedEffort effort;
    private final Path directory;
    private final Deque<Runnable> running = new ArrayDeque<>();

    private SpeedRun(SpeedEffort effort, Path directory) {
        this.effort = effort;
        this.directory = directory;
    }

    /** Prints the table. */
    public static void main(String[] arguments) throws Exception {
        System.out.print(measure(SpeedEffort.FULL, Files.createTempDirectory("speed")));
    }

    /** Measures everything; what it makes for that stays in an empty directory. */
    static SpeedTable measure(SpeedEffort effort, Path directory) throws Exception {
        try (SpeedRun run = new SpeedRun(effort, directory)) {
            return run.measure();
        }
    }

    private SpeedTable measure() throws Exception {
        Program load = Program.compiled("load", directory);
        Program server = Program.compiled("server", directory);
        Path segments = directory.resolve("shm");
        DaemonProcess daemon = startDaemon(segments);
        SocketSpeed datagram = new SocketSpeed("datagram", effort)
                .add(SocketSpeed.C, reference(server, "datagram", load))
                .add(SocketSpeed.OURS, new LoadedServer("datagram", daemon.socket(), daemon.handle(), load));
        SocketSpeed stream = new SocketSpeed("stream", effort)
                .add(SocketSpeed.C, reference(server, "stream", load))
                .add(SocketSpeed.OURS, new LoadedServer("stream", daemon.streamSocket(), daemon.handle(), load));
        Optional<PublishedDaemon> published = PublishedDaemon.start(directory);
        if (published.isPresent()) {
            running.push(published.get()::close);
            datagram.add(SocketSpeed.PUBLISHED, published.get().under(load));
        }
        SharedMemorySpeed memory = SharedMemorySpeed.of(segments.resolve("shm0"), directory, effort);
        datagram.warmUp();
        stream.warmUp();
        for (int i = 0; i < effort.rounds(); i++) {
            memory.round();
            datagram.round();
            stream.round();
        }
        SpeedTable table = new SpeedTable();
        memory.report(table);
        datagram.report(table);
        stream.report(table);
        return table;
    }

    private DaemonProcess startDaemon(Path segments) throws Exception {
        TestChronyd server = TestChronyd.server();
        running.push(server::close);
        TestChronyd chronyd = TestChronyd.client(server.ntpPort());
        running.push(chronyd::close);
        DaemonProcess daemon = DaemonProcess.start(
                directory.resolve("run"),
                chronyd.commandPort(),
                "--transport",
                "stream,shm",
                "--shm-dir",
                segments.toString());
        running.push(daemon::close);
        daemon.awaitSocket();
        try (DatagramClient client = new DatagramClient(directory.resolve("asks"), daemon.socket())) {
            Deadline.await(() -> "synchronisation", () -> client.now().isTrusted());
        }
        return daemon;
    }

    private LoadedServer reference(Program server, String transport, Program load) throws Exception {
        Path socket = directory.resolve("c." + transport);
        Process process = server.start("0", transport, socket);
        running.push(() -> process.destroyForcibly().onExit().join());
        Deadline.await(() -> "the socket of the server in C", () -> Files.exists(socket));
        return new LoadedServer(transport, socket, process.toHandle(), load);
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().run();
        }
    }
}
