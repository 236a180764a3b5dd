/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is run beside the daemon. */
public record Program(Path path) {

    private static final Path SOURCES = Path.of("src", "test", "c");

    /** Compiles a program of {@code src/test/c}. */
    public static Program compiled(String name, Path directory) throws IOException, InterruptedException {
        String source = SOURCES.resolve(name + ".c").toString();
        Path program = directory.resolve(name);
        run(List.of("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", program.toString(), source));
        return new Program(program);
    }

    /** Runs it on some processors to its end and returns what it printed. */
    public String run(String processors, Object... arguments) throws IOException, InterruptedException {
        return run(line(processors, arguments));
    }

    /** Starts it on some processors. */
    public Process start(String processors, Object... arguments) throws IOException {
        return new ProcessBuilder(line(processors, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private List<String> line(String processors, Object... arguments) {
        List<String> line = new ArrayList<>(List.of("taskset", "-c", processors, path.toString()));
        for (Object argument : arguments) {
            line.add(argument.toString());
        }
        return line;
    }

    /** Runs a command to its end and returns what it printed. */
    public static String run(List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", line) + ": " + printed);
            }
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }
}
