/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code clockbound-it/fuzz INPUTS [TARGET...]}. */
final class FuzzRun {

    private static final long MOST_INPUTS = 1_000_000_000_000L;

    private FuzzRun() {}

    public static void main(String[] arguments) throws Exception {
        try {
            List<String> words = List.of(arguments);
            long inputs = words.isEmpty() ? 0 : Long.parseLong(words.get(0));
            if (inputs < 1 || inputs > MOST_INPUTS) {
                throw new IllegalArgumentException("say how many inputs all targets together get, such as 100000000");
            }
            System.exit(fuzz(inputs, FuzzTarget.named(words.subList(1, words.size()))));
        } catch (IllegalArgumentException e) {
            System.err.println("fuzz: " + e.getMessage() + "; usage: clockbound-it/fuzz INPUTS [TARGET...]");
            System.exit(2);
        }
    }

    private static int fuzz(long total, List<FuzzTarget> targets) throws Exception {
        Path directory = Files.createDirectories(Path.of("target", "fuzz").toAbsolutePath());
        Fuzzer fuzzer = new Fuzzer(total, directory);
        System.out.println(FuzzResult.HEADING);
        long inputs = 0;
        int findings = 0;
        for (FuzzTarget target : targets) {
            FuzzResult result = fuzzer.fuzz(target);
            System.out.println(result);
            inputs += result.inputs();
            findings += result.finding().isEmpty() ? 0 : 1;
        }
        System.out.printf("%,d inputs, %d findings; what was found is in %s%n", inputs, findings, directory);
        return findings == 0 ? 0 : 1;
    }
}
