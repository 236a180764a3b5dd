/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real chronyd on private ports of the loopback interface, which leaves the clock alone ({@code -x}).
 *
 * <p>Run by whoever runs the test; its files are in a directory of their own.
 */
public final class RealChronyd implements Closeable {

    private static final Path PROGRAM = Path.of("/usr/sbin/chronyd");

    private final Path directory;
    private final int commandPort;
    private Process process;

    private RealChronyd(Path directory, int commandPort) throws IOException {
        this.directory = directory;
        this.commandPort = commandPort;
        this.process = launch();
    }

    /** Tells whether this host has one. */
    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /**
     * Starts one.
     *
     * @param ntpPort where it serves time; 0: nowhere
     * @param directives more lines of its chrony.conf
     */
    public static RealChronyd start(int ntpPort, String... directives) throws IOException {
        Path directory = Files.createTempDirectory("chronyd"); // mode 0700, which chronyd demands
        int commandPort = freeUdpPort();
        List<String> lines = new ArrayList<>(List.of(
                "user " + System.getProperty("user.name"),
                "pidfile " + directory.resolve("chronyd.pid"),
                "bindcmdaddress " + directory.resolve("chronyd.sock"),
                "bindcmdaddress 127.0.0.1",
                "bindcmdaddress ::1",
                "cmdport " + commandPort,
                "port " + ntpPort,
                "bindaddress 127.0.0.1",
                "allow 127.0.0.0/8"));
        lines.addAll(List.of(directives));
        Files.write(directory.resolve("chrony.conf"), lines);
        return new RealChronyd(directory, commandPort);
    }

    /** Returns a UDP port of 127.0.0.1 that nobody had a moment ago. */
    public static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
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
        return "unix:" + directory.resolve("chronyd.sock");
    }

    /** Stops it from running without ending it. */
    public void suspend() throws IOException {
        signal("STOP");
    }

    /** Lets it run again. */
    public void resume() throws IOException {
        signal("CONT");
    }

    /** Ends it with SIGKILL; its socket file stays. */
    public void kill() throws IOException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Starts it again where it was, after {@link #kill}. */
    public void restart() throws IOException {
        Files.deleteIfExists(directory.resolve("chronyd.pid"));
        process = launch();
    }

    @Override
    public void close() throws IOException {
        kill();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(
                        PROGRAM.toString(),
                        "-U",
                        "-x",
                        "-d",
                        "-f",
                        directory.resolve("chrony.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private void signal(String name) throws IOException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
        try {
            if (kill.waitFor() != 0) {
                throw new IOException("kill -" + name + " " + process.pid() + " failed");
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private void awaitEnd() throws IOException {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IOException("chronyd with pid " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
