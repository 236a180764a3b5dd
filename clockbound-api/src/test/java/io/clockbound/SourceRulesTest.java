/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the sources of this module may mention, and where. */
class SourceRulesTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern FOREIGN_IMPORT = Pattern.compile(
            "^import (static )?(?!java\\.|jdk\\.jfr\\.|io\\.clockbound\\.|org\\.jspecify\\.)", Pattern.MULTILINE);

    @ParameterizedTest
    @CsvSource({
        "System.nanoTime, LocalClock.java",
        "System.currentTimeMillis, LocalClock.java",
        "Instant.now, LocalClock.java",
        "ServiceLoader.load, Services.java",
        "Clock.systemUTC, ''",
        "System.out, ''",
        "Thread.sleep, ''",
    })
    void eachOfTheseCallsOccursInOneFileOnly(String call, String file) throws IOException {
        List<String> expected = file.isEmpty() ? List.of() : List.of(file);
        assertThat(filesWith(Pattern.compile(Pattern.quote(call)))).isEqualTo(expected);
    }

    /** Junixsocket is optional: Unix datagram sockets need it before Java 22. */
    @Test
    void needsNothingButTheJdkAndAnnotationsAndJunixsocketInOnePlace() throws IOException {
        assertThat(filesWith(FOREIGN_IMPORT)).allMatch(name -> name.startsWith("Junix"));
    }

    private static List<String> filesWith(Pattern pattern) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> pattern.matcher(text(file)).find())
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
