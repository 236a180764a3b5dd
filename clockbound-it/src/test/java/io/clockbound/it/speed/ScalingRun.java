/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.Program;
import io.clockbound.it.speed.Growth.Curve;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How the cost of a reading, of a request and of a poll grows with readers, clients, connections and chronyd's sources: beside
 * programs in C where there is one.
 */
final class ScalingRun implements AutoCloseable {

    private static final String OURS = "ours";
    private static final String C = "C";
    private static final String BOTH = "0,1";

    private final SpeedEffort effort;
    private final Path directory;
    private final Deque<Runnable> running = new ArrayDeque<>();
    private final Program load;

    private ScalingRun(SpeedEffort effort, Path directory) throws Exception {
        this.effort = effort;
        this.directory = directory;
        this.load = Program.compiled("load", directory);
    }

    /** Prints the tables; the argument is the file of the picture. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("scaling");
        List<Growth> growths;
        try {
            growths = measure(SpeedEffort.SCALING, directory);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        growths.forEach(System.out::println);
        Files.writeString(Path.of(arguments[0]), GrowthPicture.of(growths));
    }

    /** Measures everything; what it makes for that stays in an empty directory. */
    static List<Growth> measure(SpeedEffort effort, Path directory) throws Exception {
        try (ScalingRun run = new ScalingRun(effort, directory)) {
            return run.measure();
        }
    }

    private List<Growth> measure() throws Exception {
        DaemonProcess daemon = startDaemon("asked", 1, "--max-connections", "1000");
        LoadedServer datagram = new LoadedServer("datagram", daemon.socket(), daemon.handle(), load);
        LoadedServer stream = new LoadedServer("stream", daemon.streamSocket(), daemon.handle(), load);
        Program server = Program.compiled("server", directory);
        return List.of(
                readers(),
                clients(datagram, inC(server, "datagram")),
                clients(stream, inC(server, "stream")),
                connections(stream),
                sources());
    }

    /** Millions of readings of one segment in a second, by threads, or in C by processes. */
    private Growth readers() throws Exception {
        List<Integer> counts = List.of(1, 2, 4, 8);
        Path segment = directory.resolve("asked/shm0");
        Program twin = Program.compiled("reader", directory);
        ClockReader reader = ClockReader.ofSharedMemory(JavaRuntime.own(), segment, directory, effort);
        Contest contest = new Contest();
        for (int count : counts) {
            contest.add(OURS + count, () -> reader.read("now", count).speed());
            contest.add(C + count, () -> together(twin, count, segment));
        }
        return growth("readings of shared memory, millions a second", "threads that read", counts, contest, 1e-6);
    }

    private Speed together(Program twin, int count, Path segment) throws IOException {
        int millis = effort.readings() * effort.batchMillis();
        List<Process> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            readers.add(twin.start(BOTH, segment, millis, effort.batchMillis()));
        }
        double perSecond = 0;
        for (Process process : readers) {
            perSecond += Speed.parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .perSecond();
        }
        return new Speed(1e9 / perSecond, 1e9 / perSecond, perSecond);
    }

    /** Requests answered in a second, in thousands, by clients that ask at the same time. */
    private Growth clients(LoadedServer ours, LoadedServer other) throws Exception {
        List<Integer> counts = List.of(1, 2, 4, 8, 16);
        ours.ask(16, BOTH, BOTH, 0, effort.warmUpMillis());
        Contest contest = new Contest();
        for (int count : counts) {
            contest.add(OURS + count, () -> ours.ask(count, BOTH, BOTH, 0, effort.loadMillis()));
            contest.add(C + count, () -> other.ask(count, BOTH, BOTH, 0, effort.loadMillis()));
        }
        return growth(ours.transport() + " requests, thousands a second", "clients that ask", counts, contest, 1e-3);
    }

    /** Microseconds of a processor that the server takes for a request of one of many connections; others are silent. */
    private Growth connections(LoadedServer ours) throws Exception {
        List<Integer> counts = List.of(2, 10, 100, 900);
        List<Double> figures = new ArrayList<>();
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int count : counts) {
                while (silent.size() < count - 1) {
                    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                    silent.add(channel);
                    channel.connect(UnixDomainSocketAddress.of(ours.socket()));
                }
                List<Speed> rounds = new ArrayList<>();
                for (int i = 0; i < effort.rounds(); i++) {
                    rounds.add(ours.ask(1, "0", "0", 100, effort.loadMillis()));
                }
                figures.add(Speed.median(rounds).serverNanos() / 1e3);
            }
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
        return new Growth(
                "a stream request, µs of the server's processor",
                "connections, of which one asks",
                counts,
                List.of(new Curve(OURS, figures)));
    }

    /** Percent of a processor that a daemon takes for ten polls a second, side by side, after as long again to warm up. */
    private Growth sources() throws Exception {
        List<Integer> counts = List.of(1, 4, 16);
        List<DaemonProcess> daemons = new ArrayList<>();
        for (int count : counts) {
            daemons.add(startDaemon("polls" + count, count, "--poll-interval", "100ms"));
        }
        TimeUnit.MILLISECONDS.sleep(effort.pollMillis()); // to warm up
        long beganNanos = System.nanoTime();
        List<Duration> before = daemons.stream().map(ScalingRun::processorTime).toList();
        TimeUnit.MILLISECONDS.sleep(effort.pollMillis());
        List<Double> figures = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            Duration used = processorTime(daemons.get(i)).minus(before.get(i));
            figures.add(100.0 * used.toNanos() / (System.nanoTime() - beganNanos));
        }
        return new Growth(
                "ten polls a second, percent of a processor",
                "servers that chronyd follows",
                counts,
                List.of(new Curve(OURS, figures)));
    }

    private static Duration processorTime(DaemonProcess daemon) {
        return daemon.handle().info().totalCpuDuration().orElseThrow();
    }

    private Growth growth(String title, String things, List<Integer> counts, Contest contest, double unit)
            throws Exception {
        for (int i = 0; i < effort.rounds(); i++) {
            contest.round();
        }
        List<Curve> curves = new ArrayList<>();
        for (String name : List.of(OURS, C)) {
            curves.add(new Curve(
                    name,
                    counts.stream()
                            .map(count -> contest.median(name + count).perSecond() * unit)
                            .toList()));
        }
        return new Growth(title, things, counts, curves);
    }

    /** Starts a daemon in a directory of its own, whose chronyd follows so many servers. */
    private DaemonProcess startDaemon(String name, int servers, String... options) throws Exception {
        TestChronyd chronyd = FollowingChronyd.of(servers, running);
        Path home = directory.resolve(name);
        List<String> words = new ArrayList<>(List.of("--shm-dir", home.toString()));
        words.addAll(List.of(options));
        DaemonProcess daemon = DaemonProcess.startUnder(
                List.of("env", "JAVA_HOME=" + JavaRuntime.own().home()),
                home,
                chronyd.commandPort(),
                words.toArray(String[]::new));
        running.push(daemon::close);
        daemon.awaitSocket();
        try (DatagramClient client = new DatagramClient(directory.resolve("asks"), daemon.socket())) {
            Deadline.await(() -> "synchronisation", () -> client.now().isTrusted());
        }
        return daemon;
    }

    private LoadedServer inC(Program server, String transport) throws Exception {
        return LoadedServer.inC(server, transport, load, running);
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().run();
        }
    }
}
