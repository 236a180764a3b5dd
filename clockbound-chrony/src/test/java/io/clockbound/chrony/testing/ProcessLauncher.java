/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a chronyd as a process of this host, which ends with this JVM at the latest. */
public final class ProcessLauncher implements TestChronyd.Launcher {

    private final Path log;
    private final List<String> prefix;
    private @Nullable Process process;

    /**
     * Makes one that has started nothing yet.
     *
     * @param directory where what chronyd prints is kept
     * @param prefix words before each command, which turns into that command, as {@code nsenter} does
     */
    public ProcessLauncher(Path directory, List<String> prefix) {
        this.log = directory.resolve("log");
        this.prefix = prefix;
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /** Finds a program on the path, or where administrators have theirs. */
    static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public synchronized void launch(List<String> words) throws IOException {
        process = new ProcessBuilder(command(words))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    @Override
    public String run(List<String> words) throws IOException {
        Process program =
                new ProcessBuilder(command(words)).redirectErrorStream(true).start();
        try (InputStream output = program.getInputStream()) {
            String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8); // until it ends
            if (program.onExit().join().exitValue() != 0) {
                throw new IOException(String.join(" ", words) + " fails: " + printed);
            }
            return printed;
        }
    }

    @Override
    public void requireRunning() throws IOException {
        running();
    }

    @Override
    public void suspend() throws IOException {
        signal("STOP");
    }

    @Override
    public void resume() throws IOException {
        signal("CONT");
    }

    @Override
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    private void signal(String name) throws IOException {
        run(List.of("sh", "-c", "kill -" + name + " " + running().pid()));
    }

    private synchronized Process running() throws IOException {
        if (process == null || !process.isAlive()) {
            throw new IOException("chronyd has ended: " + Files.readString(log));
        }
        return process;
    }

    private List<String> command(List<String> words) throws IOException {
        String name = words.get(0);
        Path program = find(name).orElseThrow(() -> new IOException(name + " is not on this machine"));
        List<String> command = new ArrayList<>(prefix);
        command.add(program.toString());
        command.addAll(words.subList(1, words.size()));
        return command;
    }
}
