/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Deadline;
import io.clockbound.it.SecludedProcess;
import io.clockbound.it.Seclusion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A seclusion with a chronyd whose time is true, one that follows it, and whatever daemons and readers a test starts there.
 *
 * <p>What was started last is closed first.
 */
final class InteropStage implements AutoCloseable {

    private static final int PERIOD_MICROS = 5_000;

    private final LocalClock clock = LocalClock.system();
    private final Deque<Runnable> endings = new ArrayDeque<>();
    private final List<SecludedProcess> programs = new ArrayList<>();
    private final Path directory;
    private final Seclusion seclusion;
    private final TestChronyd server;
    private final TestChronyd chronyd;
    private final TruthWatch truth;
    private long judgedFromNanos;

    private InteropStage(Path directory, List<String> sources, Map<String, Integer> lateMillis) throws Exception {
        this.directory = directory;
        try {
            seclusion = Seclusion.in(directory);
            endings.push(seclusion::close);
            server = seclusion.server();
            endings.push(server::close);
            for (Map.Entry<String, Integer> late : lateMillis.entrySet()) {
                start(
                        "path-" + late.getKey(),
                        java(LatePath.class, late.getKey(), late.getValue().toString()));
            }
            chronyd = seclusion.chronyd(sources);
            endings.push(chronyd::close);
            truth = TruthWatch.of(server, chronyd);
            endings.push(truth::close);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Sets it up in a new directory; the path is short enough for sockets. */
    static InteropStage set(Path parent) throws Exception {
        return set(parent, List.of(Seclusion.SERVER), Map.of());
    }

    /**
     * Sets it up with other sources.
     *
     * @param sources lines of the chrony.conf of the chronyd that follows
     * @param lateMillis further addresses of the server, on {@link LatePath#PORT}, and how late requests come there
     */
    static InteropStage set(Path parent, List<String> sources, Map<String, Integer> lateMillis) throws Exception {
        return new InteropStage(Files.createTempDirectory(parent, "s"), sources, lateMillis);
    }

    TestChronyd server() {
        return server;
    }

    TestChronyd chronyd() {
        return chronyd;
    }

    TruthWatch truth() {
        return truth;
    }

    /** Returns where our daemon has its sockets. */
    Path ourSockets() {
        return directory.resolve("ours");
    }

    /** Returns where our daemon has its segments. */
    Path ourSegments() {
        return directory.resolve("ours-shm");
    }

    /** Returns where the daemon of ClockBound 0.1.4 has its socket. */
    Path theirSockets() {
        return directory.resolve("theirs");
    }

    /** Returns the segment of the daemon of ClockBound 2.0.3, as it is seen inside. */
    Path theirSegment() {
        return Path.of("/run/clockbound/shm0");
    }

    /** Starts our daemon, which asks as often as theirs; it has not asked chronyd yet. */
    DaemonProcess startOurs() throws Exception {
        DaemonProcess daemon = DaemonProcess.start(
                seclusion,
                ourSockets(),
                "--shm-dir",
                ourSegments().toString(),
                "-e",
                "1",
                "--poll-interval",
                "100ms",
                "--level",
                "1");
        endings.push(daemon::close);
        return daemon.awaitSocket();
    }

    /** Starts their daemons, which want to find a chronyd that is synchronised, and waits until they serve. */
    void startTheirs() throws Exception {
        start("syslog", List.of("socat", "-u", "UNIX-RECV:/dev/log", "OPEN:" + directory + "/syslog,creat,append"));
        Files.createDirectory(theirSockets());
        Deadline.await(() -> "a socket of socat", () -> isThere("/dev/log"));
        start("daemon-2.0.3", List.of(Crates.segmentDaemon().toString(), "-m", "1", "-d"));
        String inItsDirectory = "cd " + theirSockets() + " && exec " + Crates.datagramDaemon() + " -e 1";
        start("daemon-0.1.4", List.of("sh", "-c", inItsDirectory));
        Deadline.await(() -> "their socket and segment", () -> {
            requireRunning();
            return Files.exists(theirSockets().resolve("clockboundd.sock"))
                    && Files.exists(directory.resolve("clockbound/shm0"));
        });
    }

    /** Starts a program that reads a clock with one of their clients. */
    SecludedProcess read(String name, String program, Path place) throws IOException {
        return read(name, program, place, PERIOD_MICROS);
    }

    SecludedProcess read(String name, String program, Path place, int periodMicros) throws IOException {
        return start(
                name, List.of(Crates.reader(program).toString(), place.toString(), Integer.toString(periodMicros)));
    }

    /** Starts a program that reads a clock with one of ours. */
    SecludedProcess readWithOurs(String name, String way, String place) throws IOException {
        return readWithOurs(name, way, place, PERIOD_MICROS);
    }

    SecludedProcess readWithOurs(String name, String way, String place, int periodMicros) throws IOException {
        return start(name, java(ClockReader.class, way, place, Integer.toString(periodMicros)));
    }

    /** Waits until the last reading of each program is what is wanted. */
    void awaitEach(List<SecludedProcess> readers, Predicate<PeerReading> wanted) throws Exception {
        for (SecludedProcess reader : readers) {
            await(reader, wanted);
        }
    }

    private void await(SecludedProcess reader, Predicate<PeerReading> wanted) throws Exception {
        Deadline.await(() -> reader.name() + " does not see what it should", () -> {
            requireRunning();
            return PeerReading.last(reader.output()).filter(wanted).isPresent();
        });
    }

    /** Forgets what was read until now. */
    void startJudging() {
        judgedFromNanos = clock.epochNanos();
    }

    /** Judges what programs have read since; they all have to overlap with the first. */
    List<PeerVerdict> judge(List<SecludedProcess> readers) throws Exception {
        long toNanos = clock.epochNanos();
        go(1); // for the truth to be known until then
        List<PeerReading> first = PeerReading.between(readers.get(0).output(), judgedFromNanos, toNanos);
        List<PeerVerdict> verdicts = new ArrayList<>();
        for (SecludedProcess reader : readers) {
            List<PeerReading> readings = PeerReading.between(reader.output(), judgedFromNanos, toNanos);
            verdicts.add(PeerVerdict.of(reader.name(), readings, first, truth));
        }
        return verdicts;
    }

    /** Lets time pass. */
    void go(int seconds) throws Exception {
        Deadline end = Deadline.in(Duration.ofSeconds(seconds));
        while (!end.isOver()) {
            requireRunning();
            Deadline.pause();
        }
    }

    @Override
    public void close() {
        while (!endings.isEmpty()) {
            endings.pop().run();
        }
    }

    private void requireRunning() throws IOException {
        for (SecludedProcess program : programs) {
            program.requireRunning();
        }
    }

    private static List<String> java(Class<?> program, String... words) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(List.of(words));
        return command;
    }

    private boolean isThere(String path) throws IOException, InterruptedException {
        return new ProcessBuilder(seclusion.enter(List.of("test", "-e", path)))
                        .start()
                        .waitFor()
                == 0;
    }

    private SecludedProcess start(String name, List<String> words) throws IOException {
        SecludedProcess program = seclusion.start(name, words);
        programs.add(program);
        endings.push(program::close);
        return program;
    }
}
