/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real chronyd that leaves the clock alone ({@code -x}), and answers as soon as it is started. */
public final class TestChronyd implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Launcher launcher;
    private final Path directory;
    private final Path socket;
    private final int ntpPort;
    private final int commandPort;

    /** Runs chronyd and chronyc somewhere, where the directories of this host have the same names. */
    public interface Launcher {

        /** Starts a chronyd, which must not run. */
        void launch(List<String> words) throws IOException;

        /** Runs another program to its end; returns what it printed, or fails with that. */
        String run(List<String> words) throws IOException;

        /** Fails, with what it printed, when chronyd has ended by itself. */
        void requireRunning() throws IOException;

        /** Stops chronyd from running without ending it. */
        void suspend() throws IOException;

        /** Lets it run again. */
        void resume() throws IOException;

        /** Ends it as SIGKILL does, if it runs. */
        void kill();

        /** Ends it for good. */
        default void close() {
            kill();
        }
    }

    private TestChronyd(Launcher launcher, Path directory, Path socket, int ntpPort, int commandPort) {
        this.launcher = launcher;
        this.directory = directory;
        this.socket = socket;
        this.ntpPort = ntpPort;
        this.commandPort = commandPort;
    }

    /** Tells whether this host has chronyd and chronyc. */
    public static boolean isInstalled() {
        return ProcessLauncher.find("chronyd").isPresent()
                && ProcessLauncher.find("chronyc").isPresent();
    }

    /** Returns a UDP port of 127.0.0.1 that nothing had a moment ago. */
    public static int freeUdpPort() throws IOException {
        try (DatagramSocket port = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return port.getLocalPort();
        }
    }

    /** Starts an NTP server whose time is the local clock's, until {@code doffset} or {@code dfreq} moves it away. */
    public static TestChronyd server() throws IOException {
        return start(freeUdpPort(), "local stratum 1");
    }

    /**
     * Starts a client of one server, which it asks four times a second to once a second.
     *
     * @param serverPort the server's NTP port on 127.0.0.1
     */
    public static TestChronyd client(int serverPort, String... directives) throws IOException {
        String server = "server 127.0.0.1 port " + serverPort + " minpoll -2 maxpoll 0 iburst";
        return start(0, Stream.concat(Stream.of(server), Stream.of(directives)).toArray(String[]::new));
    }

    /**
     * Starts one on free ports of the loopback interface, as a process of this user with a directory of its own.
     *
     * @param ntpPort where it serves time; 0: nowhere
     */
    public static TestChronyd start(int ntpPort, String... directives) throws IOException {
        Path directory = Files.createTempDirectory("chronyd"); // mode 0700, which chronyd demands
        int commandPort = freeUdpPort();
        List<String> lines = new ArrayList<>(List.of(
                "bindcmdaddress " + directory.resolve("chronyd.sock"),
                "bindcmdaddress 127.0.0.1",
                "bindcmdaddress ::1",
                "cmdport " + commandPort,
                "port " + ntpPort,
                "bindaddress 127.0.0.1",
                "bindacqaddress 127.0.0.1",
                "allow 127.0.0.0/8"));
        lines.addAll(List.of(directives));
        Path socket = directory.resolve("chronyd.sock");
        return new TestChronyd(new ProcessLauncher(directory, List.of()), directory, socket, ntpPort, commandPort)
                .configured(lines);
    }

    /** Starts one elsewhere, its configuration in {@code directory}, its command socket where {@code directives} say. */
    public static TestChronyd start(Launcher launcher, Path directory, Path socket, List<String> directives)
            throws IOException {
        return new TestChronyd(launcher, directory, socket, 0, 0).configured(directives);
    }

    private TestChronyd configured(List<String> directives) throws IOException {
        List<String> lines =
                new ArrayList<>(List.of("user " + System.getProperty("user.name"), "pidfile " + file("pid")));
        lines.addAll(directives);
        Files.write(file("conf"), lines);
        try {
            restart();
            return this;
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns the port of its NTP service, 0 when it has none of its own. */
    public int ntpPort() {
        return ntpPort;
    }

    /** Returns the UDP port where it can be asked, 0 when it has none of its own. */
    public int commandPort() {
        return commandPort;
    }

    /** Returns the Unix socket where it can be asked and told. */
    public Path socket() {
        return socket;
    }

    /** Returns where a daemon on this host is to ask it: its UDP port, or its Unix socket where it has none. */
    public String address() {
        return commandPort == 0 ? unix() : udp4();
    }

    /** Returns its command port on IPv4, as the setting {@code address} takes it. */
    public String udp4() {
        return "127.0.0.1:" + commandPort;
    }

    /** Returns its command port on IPv6, as the setting {@code address} takes it. */
    public String udp6() {
        return "[::1]:" + commandPort;
    }

    /** Returns its Unix socket, as the setting {@code address} takes it. */
    public String unix() {
        return "unix:" + socket;
    }

    /** Runs a command of chronyc and returns what it printed. */
    public String chronyc(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("chronyc", "-n", "-h", socket.toString()));
        words.addAll(List.of(command));
        return launcher.run(words);
    }

    /** Stops it from running without ending it: its sockets stay, and nothing answers. */
    public void suspend() throws IOException {
        launcher.suspend();
    }

    /** Lets it run again. */
    public void resume() throws IOException {
        launcher.resume();
    }

    /** Ends it with SIGKILL; the file of its socket stays. */
    public void kill() {
        launcher.kill();
    }

    /** Starts it again where it was, without what it had measured or been told, and waits until it answers. */
    public void restart() throws IOException {
        launcher.kill();
        Files.deleteIfExists(file("pid"));
        Files.deleteIfExists(socket); // what listens there from now on is the next one
        // -U: no need of root; -d: in the foreground; -r: means nothing unless there is a directory for dumps
        launcher.launch(
                List.of("chronyd", "-x", "-U", "-d", "-r", "-f", file("conf").toString()));
        long startNanos = System.nanoTime();
        while (!isAnswering()) {
            launcher.requireRunning();
            if (System.nanoTime() - startNanos > PATIENCE_NANOS) {
                throw new IOException("no answer of the chronyd in " + directory);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        launcher.close();
        if (commandPort == 0) {
            return; // the directory is another's
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isAnswering() {
        try {
            return Files.exists(socket) && !chronyc("tracking").isEmpty();
        } catch (IOException e) {
            return false; // it is starting
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
