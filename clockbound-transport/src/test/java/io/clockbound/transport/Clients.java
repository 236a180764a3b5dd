/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Programs in other languages that ask the server. */
final class Clients {

    private final Path directory;
    private final String server;

    Clients(Path directory, String server) {
        this.directory = directory;
        this.server = server;
    }

    /** Runs a command of {@code clients.py} to its end and returns the lines it prints. */
    List<String> run(String command, String... arguments) throws IOException, InterruptedException {
        return start(command, arguments).finish();
    }

    /** Starts a command of {@code clients.py}. */
    Client start(String command, String... arguments) throws IOException, InterruptedException {
        requireTool("python3");
        List<String> line =
                new ArrayList<>(List.of("python3", resource("clients.py").toString(), command, server));
        line.addAll(List.of(arguments));
        return new Client(launch(line));
    }

    /** Compiles {@code rate.c}, runs it and returns requests per second. */
    long rate(String transport, int count) throws IOException, InterruptedException {
        requireTool("gcc");
        Path program = directory.resolve("rate");
        new Client(launch(List.of(
                        "gcc",
                        "-O2",
                        "-o",
                        program.toString(),
                        resource("rate.c").toString())))
                .finish();
        Path own = directory.resolve("own");
        List<String> line = List.of(program.toString(), transport, server, own.toString(), Integer.toString(count));
        return Long.parseLong(new Client(launch(line)).finish().get(0));
    }

    static void requireTool(String tool) throws IOException, InterruptedException {
        boolean present;
        try {
            Process probe = new ProcessBuilder(tool, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            present = probe.waitFor() == 0;
        } catch (IOException e) {
            present = false;
        }
        if (Boolean.getBoolean("clockbound.it.required")) {
            assertThat(present).as(tool + " is installed").isTrue();
        } else if (!present) {
            System.out.println("skipped: " + tool + " is not installed");
        }
        assumeTrue(present, tool + " is not installed");
    }

    private Path resource(String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream bytes = Clients.class.getResourceAsStream(name)) {
            Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    private static Process launch(List<String> line) throws IOException {
        return new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** A program that runs; closing it ends it. */
    static final class Client implements AutoCloseable {

        private final Process process;
        private final BufferedReader output;

        private Client(Process process) {
            this.process = process;
            this.output = process.inputReader(StandardCharsets.UTF_8);
        }

        /** Waits for the next line that it prints. */
        String readLine() throws IOException {
            return output.readLine();
        }

        /** Lets a client that waits for a line begin. */
        void begin() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }

        /** Waits for its end and returns the lines that it printed. */
        List<String> finish() throws IOException, InterruptedException {
            List<String> lines = output.lines().toList();
            assertThat(process.waitFor())
                    .as("exit code after printing " + lines)
                    .isZero();
            return lines;
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
