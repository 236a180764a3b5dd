/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.mutants;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The program behind {@code clockbound-it/mutants}: makes each mutant of the table, compiles it, and runs what has to notice it.
 * Exit codes: 0 all are caught, 1 one is not.
 */
final class MutantRun {

    private static final long MINUTES = 2;

    private MutantRun() {}

    /** Takes the root of the project, and words that a rule must contain to be tried. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path root = Path.of(arguments[0]);
        String words = arguments.length > 1 ? arguments[1] : "";
        int tried = 0;
        int caught = 0;
        for (Mutant mutant : Mutant.all()) {
            if (mutant.rule().contains(words)) {
                String outcome = outcome(mutant, root);
                System.out.println(outcome + " | " + mutant.rule() + " | " + mutant.catches());
                tried++;
                caught += outcome.equals("caught") ? 1 : 0;
            }
        }
        System.out.println(caught + " of " + tried + " mutants caught");
        System.exit(caught == tried ? 0 : 1);
    }

    private static String outcome(Mutant mutant, Path root) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("clockbound-mutant");
        try {
            Path source = directory.resolve(Path.of(mutant.file()).getFileName());
            Files.writeString(source, mutant.apply(root));
            String classPath = directory + File.pathSeparator + System.getProperty("java.class.path");
            int compiled = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-nowarn",
                            "-proc:none",
                            "-d",
                            directory.toString(),
                            "-cp",
                            classPath,
                            source.toString());
            if (compiled != 0) {
                return "DOES NOT COMPILE";
            }
            return switch (run(List.of(java(), "-cp", classPath, CatchRun.class.getName(), mutant.catches()))) {
                case 0 -> "caught";
                case 1 -> "SURVIVED";
                default -> "NOT RUN";
            };
        } finally {
            delete(directory);
        }
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return 2;
        }
        return process.exitValue();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
