/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.chrony.testing.ProcessLauncher;
import io.clockbound.chrony.testing.TestChronyd;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A mount and a network namespace: in it are the paths and ports that other people's programs insist on, and the machine's
 * stay free.
 *
 * <p>{@code /run/chrony} and {@code /run/clockbound} of the seclusion are seen from outside as {@code chrony} and
 * {@code clockbound} in its directory; so are Unix sockets, whose network is the file system.
 */
public final class Seclusion implements AutoCloseable {

    /** The line of chrony.conf that names its server. */
    public static final String SERVER = "server 127.0.0.1 minpoll -2 maxpoll 0 iburst";

    /** {@code /dev} is replaced because of {@code /dev/log}. The end of the test's process is the end of standard input. */
    private static final String PREPARE = """
            set -e
            cd "$1"
            mkdir dev
            mkdir -m 700 chrony
            mkdir -m 755 clockbound
            mount -t tmpfs none dev
            for device in null zero full random urandom; do
                touch dev/$device
                mount --bind /dev/$device dev/$device
            done
            mkdir -m 1777 dev/shm
            mount --rbind dev /dev
            mount -t tmpfs -o mode=755 none /run
            for name in chrony clockbound; do
                mkdir /run/$name
                mount --bind $name /run/$name
            done
            ip link set lo up
            echo ready
            exec cat
            """;

    private final Path directory;
    private final Process holder;

    private Seclusion(Path directory, Process holder) {
        this.directory = directory;
        this.holder = holder;
    }

    /** Tells whether this process may make one. */
    public static boolean isAllowed() {
        try {
            Process attempt = new ProcessBuilder(
                            "unshare", "--mount", "--net", "sh", "-c", "mount -t tmpfs none /run && ip link set lo up")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return attempt.waitFor(10, TimeUnit.SECONDS) && attempt.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Makes one whose files are in an empty directory. */
    public static Seclusion in(Path directory) throws IOException {
        Path errors = directory.resolve("seclusion.log");
        Process holder = new ProcessBuilder(
                        "unshare", "--mount", "--net", "sh", "-c", PREPARE, "sh", directory.toString())
                .redirectError(errors.toFile())
                .start();
        BufferedReader output = holder.inputReader(StandardCharsets.UTF_8);
        if (!"ready".equals(output.readLine())) {
            holder.destroyForcibly();
            throw new IOException("no namespaces: " + Files.readString(errors));
        }
        return new Seclusion(directory, holder);
    }

    /** Returns its directory, which has the same name inside. */
    public Path directory() {
        return directory;
    }

    /** Returns the path by which this process reaches a file that has that path inside, mounts included. */
    public Path reach(Path inside) {
        return Path.of("/proc", Long.toString(holder.pid()), "root")
                .resolve(Path.of("/").relativize(inside));
    }

    /** Runs a program inside to its end and returns what it printed. */
    public String run(String... words) throws IOException, InterruptedException {
        return Program.run(enter(List.of(words)));
    }

    /** Returns a command that runs inside; its process is that of the program. */
    public List<String> enter(List<String> words) {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "--target", Long.toString(holder.pid()), "--mount", "--net", "--"));
        command.addAll(words);
        return command;
    }

    /** Starts a chronyd whose time is the local clock's until it is told otherwise: true time. */
    public TestChronyd server() throws IOException {
        Path own = Files.createDirectory(
                directory.resolve("server"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path socket = own.resolve("sock");
        return TestChronyd.start(
                new ProcessLauncher(own, enter(List.of())),
                own,
                socket,
                List.of("bindaddress 127.0.0.1", "allow", "local stratum 1", "cmdport 0", "bindcmdaddress " + socket));
    }

    /** Starts the chronyd that is asked by the daemons, on the ports and paths that are its own by custom. */
    public TestChronyd chronyd(List<String> sources) throws IOException {
        Path own = directory.resolve("chrony");
        List<String> lines = new ArrayList<>(List.of(
                "port 0", "bindcmdaddress /run/chrony/chronyd.sock", "bindcmdaddress 127.0.0.1", "bindcmdaddress ::1"));
        lines.addAll(sources);
        return TestChronyd.start(new ProcessLauncher(own, enter(List.of())), own, own.resolve("chronyd.sock"), lines);
    }

    /** Starts a program inside; what it prints goes to a file of its name. */
    public SecludedProcess start(String name, List<String> words) throws IOException {
        Path output = directory.resolve(name + ".out");
        ProcessBuilder program = new ProcessBuilder(enter(words))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(name + ".err").toFile()));
        program.environment().put("TMPDIR", directory.toString()); // where clock-bound-c leaves its socket
        return new SecludedProcess(name, program.start(), output);
    }

    @Override
    public void close() {
        holder.destroyForcibly().onExit().join();
    }
}
