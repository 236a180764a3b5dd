/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.kill;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** {@code clockbound-it/kill KILLS [WRITERS [SEED]]}. */
final class KillRun {

    private static final int MAX_WRITERS = 60;

    private KillRun() {}

    public static void main(String[] words) throws Exception {
        try {
            int kills = Integer.parseInt(words[0]);
            int writers = words.length > 1 ? Integer.parseInt(words[1]) : 1;
            long seed = words.length > 2 ? Long.parseLong(words[2]) : System.nanoTime();
            if (kills < 1 || writers < 1 || writers > MAX_WRITERS) {
                throw new IllegalArgumentException("KILLS is at least 1, WRITERS 1 to " + MAX_WRITERS);
            }
            KillVerdict verdict = kill(kills, writers, seed);
            System.out.println(verdict + "; seed " + seed);
            System.exit(verdict.isGood() ? 0 : 1);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            System.err.println("kill: " + e.getMessage() + "; usage: clockbound-it/kill KILLS [WRITERS [SEED]]");
            System.exit(2);
        }
    }

    private static KillVerdict kill(int kills, int writers, long seed) throws Exception {
        Path directory = Files.createTempDirectory("kill");
        try {
            return new Killing(directory, writers, seed).kill(kills);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
