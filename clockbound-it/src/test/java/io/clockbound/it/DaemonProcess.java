/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code clockboundd} of the distribution that serves in a directory of its own and writes its log there. */
public final class DaemonProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Process process;
    private final Path runDirectory;
    private final Path log;

    private DaemonProcess(Process process, Path runDirectory, Path log) {
        this.process = process;
        this.runDirectory = runDirectory;
        this.log = log;
    }

    /** Starts a daemon that asks the chronyd at a command port; it need not be ready when this returns. */
    public static DaemonProcess start(Path runDirectory, int commandPort, String... options) throws IOException {
        return start(Prerequisites.home(), "", runDirectory, commandPort, options);
    }

    /** Starts the daemon of an unpacked distribution with options for its Java runtime, separated by blanks. */
    public static DaemonProcess start(
            Path home, String javaOptions, Path runDirectory, int commandPort, String... options) throws IOException {
        return start(home, javaOptions, runDirectory, "127.0.0.1:" + commandPort, options);
    }

    /** Starts a daemon that asks the chronyd at an address, as the setting of that name takes it. */
    public static DaemonProcess start(Path runDirectory, String address, String... options) throws IOException {
        return start(Prerequisites.home(), "", runDirectory, address, options);
    }

    private static DaemonProcess start(
            Path home, String javaOptions, Path runDirectory, String address, String... options) throws IOException {
        List<String> words =
                words(home, runDirectory, "--transport", "datagram", "--time-source-option", "address=" + address);
        words.addAll(List.of(options));
        return start(javaOptions, runDirectory, words);
    }

    /** Starts a daemon with every transport by a program that limits it. */
    public static DaemonProcess startUnder(List<String> limiter, Path runDirectory, int commandPort, String... options)
            throws IOException {
        List<String> words = new ArrayList<>(limiter);
        words.addAll(
                words(Prerequisites.home(), runDirectory, "--time-source-option", "address=127.0.0.1:" + commandPort));
        words.addAll(List.of(options));
        return start("", runDirectory, words);
    }

    /** Starts a daemon in a seclusion, with every transport; it asks the chronyd there. */
    public static DaemonProcess start(Seclusion seclusion, Path runDirectory, String... options) throws IOException {
        return start(seclusion.enter(List.of()), runDirectory, options);
    }

    /** Starts a daemon with every transport by a command that turns into it, as {@code nsenter} does. */
    public static DaemonProcess start(List<String> prefix, Path runDirectory, String... options) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(words(Prerequisites.home(), runDirectory, options));
        return start("", runDirectory, words);
    }

    private static List<String> words(Path home, Path runDirectory, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "env",
                "--default-signal=HUP", // below nohup it would be ignored
                home.resolve("bin/clockboundd").toString(),
                "--run-dir",
                runDirectory.toString()));
        words.addAll(List.of(options));
        return words;
    }

    private static DaemonProcess start(String javaOptions, Path runDirectory, List<String> words) throws IOException {
        Files.createDirectories(runDirectory);
        Path log = Files.createTempFile(runDirectory.toAbsolutePath().getParent(), "daemon", ".log");
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("CLOCKBOUND_JAVA_OPTS", javaOptions);
        Process process = builder.start();
        return new DaemonProcess(process, runDirectory, log);
    }

    /** Runs the launcher to its end with exactly these words. */
    public static Ended run(String... words) throws IOException, InterruptedException {
        return run(Prerequisites.launcher(), words);
    }

    /** Runs a program to its end with exactly these words. */
    public static Ended run(Path program, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        Path printed = Files.createTempFile("clockboundd", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            return new Ended(exitCode(process), Files.readString(printed));
        } finally {
            process.destroyForcibly();
            Files.delete(printed);
        }
    }

    /** What a program left behind. */
    public record Ended(int exitCode, String output) {}

    public Path socket() {
        return runDirectory.resolve("clockboundd.sock");
    }

    /** Returns where its stream socket is, if it has one. */
    public Path streamSocket() {
        return runDirectory.resolve("clockboundd.stream.sock");
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Waits until the socket is there. */
    public DaemonProcess awaitSocket() throws Exception {
        Deadline.await(() -> "the socket of the daemon", () -> {
            if (!isRunning()) {
                throw new AssertionError("the daemon ended with code " + process.exitValue() + ": " + log());
            }
            return Files.exists(socket());
        });
        return this;
    }

    /** Returns what it has printed so far. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** Copies its log and empties it while it is open, as {@code logrotate} does with {@code copytruncate}. */
    public void rotateLog() throws IOException {
        Files.copy(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        Files.newOutputStream(log, StandardOpenOption.TRUNCATE_EXISTING).close();
    }

    public long countInLog(String part) throws IOException {
        return log().lines().filter(line -> line.contains(part)).count();
    }

    /** Returns what an operator is told of it. */
    public String status() throws IOException, InterruptedException {
        return status(new String[0]);
    }

    /** Returns the reason of its last poll: unlike {@link #status()}, without those of the changes before it. */
    public String reason() throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(status("--json"))
                .path("last_poll")
                .path("detail")
                .asText();
    }

    private String status(String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("status", "--run-dir", runDirectory.toString()));
        arguments.addAll(List.of(options));
        Path program = Prerequisites.home().resolve("bin/clockboundctl");
        return run(program, arguments.toArray(String[]::new)).output();
    }

    /** Returns its resident memory in KiB. */
    public long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    public void signal(String name) throws IOException, InterruptedException {
        exitCode(new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).start());
    }

    /** Ends it as systemd does, and returns its exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return exitCode(process);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private static int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("process " + process.pid() + " does not end");
        }
        return process.exitValue();
    }
}
