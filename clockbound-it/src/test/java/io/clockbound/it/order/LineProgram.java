/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A program of these tests that answers a line with a line, beginning with one when it is ready; it ends with its input. */
final class LineProgram implements AutoCloseable {

    private final String name;
    private final Process process;
    private final BufferedWriter input;
    private final BufferedReader output;

    private LineProgram(String name, Process process) {
        this.name = name;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts one; it need not be ready when this returns.
     *
     * @param prefix words that turn into the command after them
     */
    static LineProgram start(List<String> prefix, Class<?> program, String... words) throws IOException {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        line.addAll(List.of(words));
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new LineProgram(program.getSimpleName() + " " + String.join(" ", words), process);
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the line that begins with a word, and returns the rest of it. */
    String await(String expected) throws IOException {
        String line = output.readLine();
        if (line == null || !line.startsWith(expected)) {
            throw new IOException(name + " says \"" + line + "\" instead of \"" + expected + "\"");
        }
        return line.substring(expected.length()).trim();
    }

    /** Sends a line. */
    void tell(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
