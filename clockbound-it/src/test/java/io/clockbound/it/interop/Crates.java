/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import io.clockbound.it.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The programs that AWS published, by name and version from crates.io, and ours that call its clients.
 *
 * <p>They are built once, in a directory that {@code mvn clean} leaves alone. None of their sources is in this project.
 */
public final class Crates {

    private static final Path BUILT = Path.of("target", "crates").toAbsolutePath();
    private static final Path LOG = BUILT.resolve("cargo.log");
    private static final Path OWN = BUILT.resolve("source");
    private static final Path READERS = BUILT.resolve("readers/release");
    private static final int PATIENCE_SECONDS = 900;

    /** Where cargo has the header of the C interface. */
    private static final Pattern HEADER = Pattern.compile("\"([^\"]*/clock-bound-ffi-2\\.0\\.3)/Cargo\\.toml\"");

    private Crates() {}

    /** Returns the daemon of ClockBound 0.1.4. */
    public static Path datagramDaemon() throws IOException, InterruptedException {
        return installed("0.1.4", "clockboundd");
    }

    /** Returns the daemon of ClockBound 2.0.3. */
    public static Path segmentDaemon() throws IOException, InterruptedException {
        return installed("2.0.3", "clockbound");
    }

    /** Builds the programs of {@code src/test/rust} and {@code src/test/c}, as far as they changed. */
    public static void buildReaders() throws IOException, InterruptedException {
        Files.createDirectories(OWN);
        // a copy, because cargo writes beside what it builds
        Programs.run(LOG, PATIENCE_SECONDS, List.of("cp", "-rpT", "src/test/rust", OWN.toString()));
        cargo("build", "--release", "--manifest-path", OWN + "/Cargo.toml", "--target-dir", BUILT + "/readers");
        cargo("metadata", "--format-version", "1", "--manifest-path", OWN + "/Cargo.toml");
        Matcher crate = HEADER.matcher(Files.readString(LOG));
        if (!crate.find()) {
            throw new IOException("cargo does not say where clock-bound-ffi is: see " + LOG);
        }
        List<String> compile = new ArrayList<>(List.of(
                "gcc", "-O2", "-Wall", "-Werror", "-o", reader("segment").toString()));
        compile.addAll(List.of(
                "-I",
                crate.group(1) + "/include",
                "src/test/c/segment.c",
                library().toString(),
                "-lm"));
        Programs.run(LOG, PATIENCE_SECONDS, compile);
    }

    /** Returns a program that reads a clock. */
    public static Path reader(String name) {
        return READERS.resolve(name);
    }

    private static Path library() throws IOException {
        try (Stream<Path> files = Files.list(READERS.resolve("deps"))) {
            return files.filter(file -> file.getFileName().toString().matches("libclockbound-.*\\.a"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path installed(String version, String program) throws IOException, InterruptedException {
        Path root = BUILT.resolve(version);
        Path binary = root.resolve("bin").resolve(program);
        if (!Files.isExecutable(binary)) {
            Files.createDirectories(BUILT);
            // --locked: with the dependencies that it was published with
            cargo("install", "clock-bound-d", "--version", "=" + version, "--locked", "--root", root.toString());
        }
        return binary;
    }

    private static void cargo(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Programs.required("cargo")));
        command.addAll(List.of(words));
        Programs.run(LOG, PATIENCE_SECONDS, command);
    }
}
