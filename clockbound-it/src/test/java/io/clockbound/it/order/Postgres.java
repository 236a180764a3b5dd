/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.it.Deadline;
import io.clockbound.it.Program;
import io.clockbound.it.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL with a directory of its own, run by an unprivileged user, with the settings that it comes with.
 *
 * @param prefix words that turn into the command after them, where it runs
 */
public record Postgres(Path programs, Path directory, List<String> prefix, String address, int port, Process process)
        implements AutoCloseable {

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

    /** Debian's package makes it. */
    private static final String USER = "postgres";

    /** Finds the programs of the newest version on this machine. */
    public static Optional<Path> find() {
        if (Programs.find("setpriv").isEmpty() || !Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(programs -> Files.isExecutable(programs.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Starts one on a free port of the loopback interface. */
    public static Postgres start() throws Exception {
        return start(List.of(), "127.0.0.1", freePort());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Starts one elsewhere, and returns when it answers. */
    static Postgres start(List<String> prefix, String address, int port) throws Exception {
        Path programs = find().orElseThrow();
        Path directory = Files.createTempDirectory(
                "postgres", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<String> words = new ArrayList<>(prefix);
        if (ProcessHandle.current().info().user().orElse("").equals("root")) {
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
            words.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        String data = directory.resolve("data").toString();
        List<String> initialise = new ArrayList<>(words);
        initialise.addAll(List.of(
                programs.resolve("initdb").toString(), "-D", data, "-A", "trust", "-U", "test", "--no-locale", "-N"));
        Program.run(initialise);
        Files.writeString(
                Path.of(data, "pg_hba.conf"), "host all all " + address + "/24 trust\n", StandardOpenOption.APPEND);
        words.addAll(List.of(
                programs.resolve("postgres").toString(),
                "-D",
                data,
                "-h",
                address,
                "-p",
                Integer.toString(port),
                "-N",
                "150",
                "-k",
                ""));
        Process process = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Postgres postgres = new Postgres(programs, directory, List.copyOf(prefix), address, port, process);
        try {
            Deadline.await(() -> "PostgreSQL in " + directory, postgres::isAnswering);
            return postgres;
        } catch (Exception | AssertionError e) {
            postgres.close();
            throw e;
        }
    }

    /** Returns where its driver finds it, with an empty database. */
    public String url() {
        return "jdbc:postgresql://" + address + ":" + port + "/postgres?user=test&connectTimeout=120";
    }

    /** Runs statements, separated by semicolons, where it runs. */
    public void execute(String statements) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of(
                programs.resolve("psql").toString(),
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                address,
                "-p",
                Integer.toString(port),
                "-U",
                "test",
                "-c",
                statements,
                "postgres"));
        Program.run(words);
    }

    private boolean isAnswering() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IOException("PostgreSQL ended with code " + process.exitValue());
        }
        try {
            execute("SELECT 1");
            return true;
        } catch (IOException e) {
            return false; // it is starting
        }
    }

    /** Ends it, without waiting for its clients, and removes what it wrote. */
    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                Program.run(List.of("kill", "-INT", Long.toString(process.pid())));
            }
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
