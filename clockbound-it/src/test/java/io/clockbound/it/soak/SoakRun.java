/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.soak;

import io.clockbound.it.truth.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** {@code clockbound-it/soak --minutes N [--seed S]}. */
final class SoakRun {

    private static final int MAX_MINUTES = 10_000;

    private SoakRun() {}

    public static void main(String[] words) throws Exception {
        try {
            if (words.length % 2 != 0) {
                throw new IllegalArgumentException("an option without a value");
            }
            long minutes = number("--minutes", words, 0);
            if (minutes < 1 || minutes > MAX_MINUTES) {
                throw new IllegalArgumentException("--minutes is 1 to " + MAX_MINUTES);
            }
            System.exit(soak(Duration.ofMinutes(minutes), number("--seed", words, System.nanoTime())));
        } catch (IllegalArgumentException e) {
            System.err.println("soak: " + e.getMessage() + "; usage: clockbound-it/soak --minutes N [--seed S]");
            System.exit(2);
        }
    }

    private static int soak(Duration length, long seed) throws Exception {
        Path target = Files.createDirectories(Path.of("target", "soak"));
        Path directory = Files.createTempDirectory("soak");
        System.out.println("seed " + seed + ", " + directory);
        Soak soak = Soak.of(length, seed, directory);
        Files.writeString(target.resolve("soak.svg"), SoakPicture.of(soak));
        Files.write(
                target.resolve("samples.csv"),
                Stream.concat(
                                Stream.of(SoakSample.HEADING),
                                soak.samples().stream().map(SoakSample::toString))
                        .toList());
        List<String> report = SoakReport.of(soak);
        Files.write(target.resolve("soak.md"), report);
        report.forEach(System.out::println);
        soak.verdicts().stream().map(Verdict::firstMisses).forEach(System.out::print);
        System.out.print(soak.failure());
        return soak.isGood() ? 0 : 1;
    }

    private static long number(String option, String[] words, long otherwise) {
        for (int i = 0; i < words.length; i += 2) {
            if (words[i].equals(option)) {
                return Long.parseLong(words[i + 1]);
            }
            if (!List.of("--minutes", "--seed").contains(words[i])) {
                throw new IllegalArgumentException("'" + words[i] + "' is no option");
            }
        }
        return otherwise;
    }
}
