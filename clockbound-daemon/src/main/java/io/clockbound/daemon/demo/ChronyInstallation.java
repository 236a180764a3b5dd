/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.demo;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs of chrony on this machine: on the PATH, in the usual directories, or where the system properties {@code
 * clockbound.chronyd} and {@code clockbound.chronyc} say.
 */
record ChronyInstallation(Path chronyd, Path chronyc) {

    static Optional<ChronyInstallation> find() {
        return executable("chronyd")
                .flatMap(chronyd -> executable("chronyc").map(chronyc -> new ChronyInstallation(chronyd, chronyc)));
    }

    static ChronyInstallation required() throws IOException {
        return find().orElseThrow(() -> new IOException("chronyd and chronyc are not both on this machine: install the"
                + " package chrony, or name the files with the system properties clockbound.chronyd and"
                + " clockbound.chronyc"));
    }

    /**
     * Runs a command of chronyc and returns what it printed.
     *
     * @throws IOException when it fails; the message has what it printed
     */
    String run(Path socket, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(chronyc.toString(), "-n", "-h", socket.toString()));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            // chronyc gives up by itself after seven seconds
            String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() != 0) {
                throw new IOException(String.join(" ", words) + " fails: " + printed);
            }
            return printed;
        }
    }

    private static Optional<Path> executable(String name) {
        String configured = System.getProperty("clockbound." + name);
        Stream<String> candidates = configured != null
                ? Stream.of(configured)
                : Stream.concat(
                                Stream.of(
                                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                                Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin"))
                        .map(directory -> directory + "/" + name);
        return candidates.map(Path::of).filter(Files::isExecutable).findFirst();
    }
}
