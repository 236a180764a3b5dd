/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** One machine of the simulation, as the integration test runs it. */
public final class SimulatedSeed {

    static final int POLLS = 400;

    private SimulatedSeed() {}

    /** Tells whether an interval misses true time there, or trust does not come back. */
    public static boolean fails(long seed) throws IOException {
        Path directory = Files.createTempDirectory("clockbound-simulation");
        try {
            return !SimulationRun.run(seed, POLLS, directory, false).notes.isEmpty();
        } finally {
            delete(directory);
        }
    }

    /** Deletes a directory and what is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
