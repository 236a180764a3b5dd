/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that runs in a seclusion until it is closed.
 *
 * @param name what it is called in reports
 * @param output what it printed
 */
public record SecludedProcess(String name, Process process, Path output) implements AutoCloseable {

    /** Fails when it ended by itself. */
    public void requireRunning() throws IOException {
        if (!process.isAlive()) {
            String errors = Files.readString(
                    output.resolveSibling(output.getFileName().toString().replace(".out", ".err")));
            throw new IOException(name + " ended with code " + process.exitValue() + ": " + errors);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
