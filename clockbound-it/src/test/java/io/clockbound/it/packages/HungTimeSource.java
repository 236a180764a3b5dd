/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Prerequisites;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A jar with a third party's time source, which is named {@code hung} and never replies. */
final class HungTimeSource {

    /** The class in the jar. */
    static final String NAME = "Hung";

    private static final String SOURCE = """
        public final class Hung implements io.clockbound.spi.TimeSource {
            public String name() { return "hung"; }
            public Hung with(java.util.Map<String, String> settings) { return this; }
            public String peer() { return "nobody"; }
            public void close() {}
            public io.clockbound.spi.ClockSnapshot poll() {
                while (true) {
                    java.util.concurrent.locks.LockSupport.park();
                }
            }
        }
        """;

    private HungTimeSource() {}

    static void write(Path jar) throws IOException {
        Path directory = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "hung");
        Path source = Files.writeString(directory.resolve(NAME + ".java"), SOURCE);
        try (Stream<Path> lib = Files.list(Prerequisites.home().resolve("lib"))) {
            String path = lib.map(Path::toString).collect(joining(":"));
            assertThat(ToolProvider.getSystemJavaCompiler()
                            .run(null, null, null, "--release", "17", "-proc:none", "-cp", path, source.toString()))
                    .isZero();
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(NAME + ".class"));
            Files.copy(directory.resolve(NAME + ".class"), out);
            out.putNextEntry(new JarEntry("META-INF/services/io.clockbound.spi.TimeSource"));
            out.write(NAME.getBytes(StandardCharsets.UTF_8));
        }
    }
}
