/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Jazzer in a process of its own, which no input may end, hang or let grow.
 *
 * @param inputs how many inputs all targets together get
 * @param directory where it keeps what it finds
 */
record Fuzzer(long inputs, Path directory) {

    /** An input that takes longer counts as one that hangs. */
    private static final int PATIENCE_SECONDS = 30;

    /** Fuzzes a target with its share of the inputs, always the same ones; it begins with its corpus. */
    FuzzResult fuzz(FuzzTarget target) throws IOException, InterruptedException {
        Path found = Files.createDirectories(directory.resolve(target.toString()));
        Path log = directory.resolve(target + ".log");
        long startNanos = System.nanoTime();
        Process process = new ProcessBuilder(words(target, found))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            int exitCode = process.waitFor();
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            return FuzzResult.of(target, Files.readString(log), seconds, exitCode);
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> words(FuzzTarget target, Path found) throws IOException {
        // names are looked up nowhere but in this file, which has none
        Path hosts = Files.write(directory.resolve("hosts"), List.of());
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> words = new ArrayList<>(List.of(
                java.toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-Djdk.net.hosts.file=" + hosts,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type(),
                "--instrumentation_includes=io.clockbound.**",
                "--instrumentation_excludes=io.clockbound.testing.**",
                "--custom_hook_includes=io.clockbound.**",
                "--reproducer_path=" + directory));
        words.addAll(List.of(
                "-runs=" + target.inputsOf(inputs),
                "-seed=1",
                "-max_len=" + target.longestInput(),
                "-timeout=" + PATIENCE_SECONDS,
                "-print_final_stats=1",
                "-artifact_prefix=" + directory + "/" + target + "-",
                found.toString(),
                target.corpus().toString()));
        return words;
    }
}
