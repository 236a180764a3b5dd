/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A program that runs in a seclusion until it is closed.
 *
 * @param name what it is called in reports
 * @param output what it printed
 */
record SecludedProcess(String name, Process process, Path output) implements AutoCloseable {

    /** Several lines have room in it. */
    private static final int END_BYTES = 1_024;

    /** Fails when it ended by itself. */
    void requireRunning() throws IOException {
        if (!process.isAlive()) {
            String errors = Files.readString(
                    output.resolveSibling(output.getFileName().toString().replace(".out", ".err")));
            throw new IOException(name + " ended with code " + process.exitValue() + ": " + errors);
        }
    }

    /** Returns the readings that it printed so far. */
    List<PeerReading> readings() throws IOException {
        return PeerReading.parse(Files.readString(output));
    }

    /** Returns the last of them. */
    Optional<PeerReading> last() throws IOException {
        try (FileChannel file = FileChannel.open(output)) {
            ByteBuffer end = ByteBuffer.allocate(END_BYTES);
            file.read(end, Math.max(0, file.size() - END_BYTES));
            String lines = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
            // the first may have lost its beginning
            List<PeerReading> whole = PeerReading.parse(lines.substring(lines.indexOf('\n') + 1));
            return whole.isEmpty() ? Optional.empty() : Optional.of(whole.get(whole.size() - 1));
        }
    }

    /** Returns those that were made between two instants of the wall clock. */
    List<PeerReading> readings(long fromNanos, long toNanos) throws IOException {
        return readings().stream()
                .filter(line -> line.reading().askedNanos() >= fromNanos
                        && line.reading().answeredNanos() <= toNanos)
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
