/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of this machine. */
public final class Programs {

    private Programs() {}

    /** Finds a program on the path, or where administrators and cargo have theirs. */
    public static Optional<Path> find(String name) {
        Stream<String> path = Stream.of(System.getenv("PATH").split(File.pathSeparator));
        Stream<String> others = Stream.of("/usr/sbin", "/sbin", System.getProperty("user.home") + "/.cargo/bin");
        return Stream.concat(path, others)
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Finds a program that was looked for before. */
    public static String required(String name) throws IOException {
        return find(name)
                .orElseThrow(() -> new IOException(name + " is not on this machine"))
                .toString();
    }

    /**
     * Runs a program to its end.
     *
     * @param log what it prints goes there
     * @throws IOException when it fails or takes too long; the message has the end of what it printed
     */
    public static void run(Path log, int patienceSeconds, List<String> words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (process.waitFor(patienceSeconds, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return;
            }
            String printed = Files.readString(log);
            String end = printed.substring(Math.max(0, printed.length() - 4_000));
            throw new IOException(String.join(" ", words) + " failed:\n" + end);
        } finally {
            process.destroyForcibly();
        }
    }
}
