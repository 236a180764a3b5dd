/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.demo;

import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A private chronyd that never touches the clock: it only computes what it would correct.
 *
 * <p>It runs as the caller, without privileges, on free ports of 127.0.0.1 and in a directory of its own. It ends with
 * {@link #close}, or with this JVM if that comes first.
 */
final class PrivateChronyd implements AutoCloseable {

    private static final int PAUSE_MILLIS = 20;
    private static final int PATIENCE_MILLIS = 10_000;

    private final ChronyInstallation installation;
    private final Path directory;
    private final int ntpPort;
    private final int commandPort;
    private final Thread endWithJvm = new Thread(this::end, "chronyd-end");
    private @Nullable Process process;
    private boolean isClosed;

    private PrivateChronyd(ChronyInstallation installation, Path directory, int ntpPort, int commandPort) {
        this.installation = installation;
        this.directory = directory;
        this.ntpPort = ntpPort;
        this.commandPort = commandPort;
    }

    /** Tells whether chronyd and chronyc are on this machine. */
    static boolean isInstalled() {
        return ChronyInstallation.find().isPresent();
    }

    /**
     * Starts an NTP server whose time is the local clock's, until {@code chronyc("doffset", …)} or {@code dfreq} moves it
     * away from that.
     *
     * @param directives further lines of its configuration
     */
    static PrivateChronyd server(String... directives) throws IOException {
        int ntpPort = freePort();
        return start(
                ntpPort, List.of("bindaddress 127.0.0.1", "allow 127.0.0.0/8", "local stratum 1"), List.of(directives));
    }

    /**
     * Starts a client of one server, which it asks four times a second to once a second.
     *
     * @param serverPort the server's NTP port on 127.0.0.1
     * @param directives further lines of its configuration
     */
    static PrivateChronyd client(int serverPort, String... directives) throws IOException {
        return start(
                0,
                List.of(
                        "bindacqaddress 127.0.0.1",
                        "server 127.0.0.1 port " + serverPort + " minpoll -2 maxpoll 0 iburst"),
                List.of(directives));
    }

    private static PrivateChronyd start(int ntpPort, List<String> role, List<String> directives) throws IOException {
        ChronyInstallation installation = ChronyInstallation.required();
        Path directory = Files.createTempDirectory(
                Path.of("/tmp"),
                "chronyd",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        int commandPort = freePort();
        List<String> lines = new ArrayList<>(List.of(
                "user " + System.getProperty("user.name"),
                "pidfile " + directory.resolve("pid"),
                "bindcmdaddress " + directory.resolve("sock"),
                "bindcmdaddress 127.0.0.1",
                "cmdport " + commandPort,
                "port " + ntpPort));
        lines.addAll(role);
        lines.addAll(directives);
        Files.write(directory.resolve("conf"), lines);
        PrivateChronyd chronyd = new PrivateChronyd(installation, directory, ntpPort, commandPort);
        try {
            // before there is anything to end
            Runtime.getRuntime().addShutdownHook(chronyd.endWithJvm);
            chronyd.awaitReply(chronyd.launch());
            return chronyd;
        } catch (IOException | RuntimeException e) {
            chronyd.close();
            throw e;
        }
    }

    /** Returns the port of its NTP service, 0 when it is a client. */
    int ntpPort() {
        return ntpPort;
    }

    /** Returns the time source that asks it on its UDP port. */
    TimeSource timeSource() {
        return Services.named(TimeSource.class, "chrony").with(Map.of("address", "127.0.0.1:" + commandPort));
    }

    /** Tells whether it replies now. */
    private boolean isReplying() {
        try (TimeSource source = timeSource()) {
            source.poll();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns a UDP port of 127.0.0.1 that no program uses now. */
    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }

    /**
     * Waits until it replies.
     *
     * @throws IOException when it ended or stays silent; the message contains its output
     */
    private void awaitReply(Process current) throws IOException {
        for (int waitedMillis = 0; waitedMillis < PATIENCE_MILLIS; waitedMillis += PAUSE_MILLIS) {
            if (isReplying()) {
                return;
            }
            if (hasEnded(current, PAUSE_MILLIS)) {
                throw new IOException("chronyd ended with code " + current.exitValue() + ": " + output());
            }
        }
        throw new IOException("chronyd does not reply on 127.0.0.1:" + commandPort + ": " + output());
    }

    /**
     * Runs a command of chronyc on the Unix socket and returns what it printed.
     *
     * @throws IOException when it fails; the message contains its output
     */
    String chronyc(String... command) throws IOException {
        return installation.run(directory.resolve("sock"), command);
    }

    /** Ends it and removes its directory. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithJvm);
        } catch (IllegalStateException e) {
            // the JVM is shutting down: the hook finds nothing left to do
        }
    }

    private synchronized void end() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        try {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // a temporary directory that stays does no harm
        }
    }

    private synchronized Process launch() throws IOException {
        if (isClosed) {
            throw new IOException("the chronyd in " + directory + " was closed");
        }
        // -x: no control of the clock; -U: no need of root; -d: in the foreground
        List<String> words =
                List.of(installation.chronyd().toString(), "-4", "-x", "-U", "-d", "-f", directory + "/conf");
        Process started = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        process = started;
        return started;
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    private static boolean hasEnded(Process process, int patienceMillis) throws IOException {
        try {
            return process.waitFor(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a process", e);
        }
    }
}
