/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.Program;
import io.clockbound.it.speed.JavaRuntime.Door;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Measures the daemon of the distribution and its clients, on one Java runtime or several, beside programs in C, which do no more than they must, and beside
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

    /** Prints the tables; {@code arguments} are the directories of more Java runtimes than the one that this runs on. */
    public static void main(String[] arguments) throws Exception {
        List<JavaRuntime> runtimes = new ArrayList<>(List.of(JavaRuntime.own()));
        for (String home : arguments) {
            runtimes.add(JavaRuntime.in(Path.of(home)));
        }
        measure(SpeedEffort.FULL, runtimes, Files.createTempDirectory("speed")).forEach(System.out::println);
    }

    /** Measures everything; what it makes for that stays in an empty directory. */
    static List<SpeedTable> measure(SpeedEffort effort, List<JavaRuntime> runtimes, Path directory) throws Exception {
        try (SpeedRun run = new SpeedRun(effort, directory)) {
            return run.measure(runtimes);
        }
    }

    private List<SpeedTable> measure(List<JavaRuntime> runtimes) throws Exception {
        Program load = Program.compiled("load", directory);
        Program server = Program.compiled("server", directory);
        SocketSpeed datagram = new SocketSpeed("datagram", effort);
        SocketSpeed stream = new SocketSpeed("stream", effort);
        datagram.add(SocketSpeed.C, LoadedServer.inC(server, "datagram", load, running));
        stream.add(SocketSpeed.C, LoadedServer.inC(server, "stream", load, running));
        int commandPort = startChronyd();
        List<Door> doors =
                runtimes.stream().flatMap(runtime -> runtime.doors().stream()).toList();
        for (Door door : doors) {
            DaemonProcess daemon = startDaemon(door, directory.resolve("d" + doors.indexOf(door)), commandPort);
            datagram.add(door, new LoadedServer("datagram", daemon.socket(), daemon.handle(), load));
            stream.add(door, new LoadedServer("stream", daemon.streamSocket(), daemon.handle(), load));
        }
        Optional<PublishedDaemon> published = PublishedDaemon.start(directory);
        if (published.isPresent()) {
            running.push(published.get()::close);
            datagram.add(SocketSpeed.PUBLISHED, published.get().under(load));
        }
        Path segment = directory.resolve("d0/shm0");
        SharedMemorySpeed memory = SharedMemorySpeed.of(runtimes, segment, directory, effort);
        EmbeddedSpeed embedded = EmbeddedSpeed.of(runtimes, segment, "127.0.0.1:" + commandPort, directory, effort);
        WaitSpeed waits = new WaitSpeed(runtimes, segment, effort);
        datagram.warmUp();
        stream.warmUp();
        for (int i = 0; i < effort.rounds(); i++) {
            memory.round();
            embedded.round();
            waits.round();
            datagram.round();
            stream.round();
        }
        PollSpeed polls = polls(runtimes);
        polls.measure();
        SpeedTable readings = new SpeedTable(runtimes);
        memory.report(readings);
        embedded.report(readings);
        waits.report(readings);
        polls.report(readings);
        SpeedTable sockets = new SpeedTable(doors);
        datagram.report(sockets);
        stream.report(sockets);
        return List.of(readings, sockets);
    }

    /** Starts the daemons whose polls are measured; they would disturb the others before. */
    private PollSpeed polls(List<JavaRuntime> runtimes) throws Exception {
        int one = FollowingChronyd.of(1, running).commandPort();
        int four = FollowingChronyd.of(4, running).commandPort();
        PollSpeed polls = new PollSpeed(4, effort);
        for (JavaRuntime runtime : runtimes) {
            Door door = runtime.doors().get(0);
            polls.add(
                    runtime,
                    startDaemon(door, directory.resolve("one" + runtime.version()), one),
                    startDaemon(door, directory.resolve("four" + runtime.version()), four));
        }
        return polls;
    }

    private int startChronyd() throws Exception {
        TestChronyd server = TestChronyd.server();
        running.push(server::close);
        TestChronyd chronyd = TestChronyd.client(server.ntpPort());
        running.push(chronyd::close);
        return chronyd.commandPort();
    }

    private DaemonProcess startDaemon(Door door, Path home, int commandPort) throws Exception {
        DaemonProcess daemon = DaemonProcess.startUnder(
                List.of("env", "JAVA_HOME=" + door.runtime().home()),
                home,
                commandPort,
                "--native",
                door.choice().name(),
                "--shm-dir",
                home.toString());
        running.push(daemon::close);
        daemon.awaitSocket();
        try (DatagramClient client = new DatagramClient(directory.resolve("asks"), daemon.socket())) {
            Deadline.await(() -> "synchronisation", () -> client.now().isTrusted());
        }
        return daemon;
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().run();
        }
    }
}
