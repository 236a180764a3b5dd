/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.pit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the table of survivors true; {@code clockbound-it/pit} makes the mutants. */
class PitSurvivorsIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern NAMES = Pattern.compile("<target(Classes|Tests)>([^<]+)<");

    @TempDir
    Path directory;

    @Test
    void everySurvivorHasAnExplanationAndALineOfTheSource() throws IOException {
        List<Survivor> survivors = Survivor.explained(ROOT.resolve("clockbound-it/pit-survivors.txt"));
        assertThat(survivors).isNotEmpty();
        for (Survivor survivor : survivors) {
            assertThat(survivor.isInSource(ROOT)).as(survivor.toString()).isTrue();
        }
    }

    /** PIT is content with a name that nothing has, as that of a class that was renamed: it changes one class less. */
    @Test
    void everyClassAndTestThatAProfileNamesIsThereAndTheCommandRunsEveryProfile() throws IOException {
        String command = Files.readString(ROOT.resolve("clockbound-it/pit"));
        for (Path module : modules()) {
            String project = Files.readString(module.resolve("pom.xml"));
            Matcher names = NAMES.matcher(project);
            while (names.find()) {
                assertThat(command).contains(module.getFileName().toString());
                Path sources = module.resolve(names.group(1).equals("Classes") ? "src/main/java" : "src/test/java");
                for (String name : names.group(2).split(",", -1)) {
                    assertThat(sourcesOf(name, sources)).as(name).isNotEmpty();
                }
            }
        }
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> all = Files.list(ROOT)) {
            return all.filter(module -> Files.exists(module.resolve("pom.xml"))).toList();
        }
    }

    private static List<Path> sourcesOf(String name, Path sources) throws IOException {
        PathMatcher matcher =
                sources.getFileSystem().getPathMatcher("glob:" + sources + "/" + name.replace('.', '/') + ".java");
        try (Stream<Path> all = Files.walk(sources)) {
            return all.filter(matcher::matches).toList();
        }
    }

    @Test
    void aSurvivorWithoutAnExplanationIsRefused() throws IOException {
        Path table = directory.resolve("survivors");
        Files.writeString(
                table, "a.B.c | negated conditional | if (d) {\n\na.B.e | removed call | f();\n    only speed\n");
        assertThatThrownBy(() -> Survivor.explained(table)).hasMessageContaining("without an explanation: a.B.c");
    }

    @Test
    void theReportOfPitIsReadByTheTextOfTheLineAndNotByItsNumber() throws IOException {
        Path source = Files.createDirectories(directory.resolve("a")).resolve("B.java");
        Files.writeString(source, "class B {\n    int c = d + 1;\n}\n");
        Path report = directory.resolve("mutations.xml");
        Files.writeString(report, "<mutations>" + mutation("KILLED") + mutation("SURVIVED") + "</mutations>");
        assertThat(Survivor.reported(report, directory))
                .containsExactly(new Survivor("a.B$C.f", "Replaced integer addition", "int c = d + 1;"));
        assertThat(Survivor.count(report)).isEqualTo(2);
    }

    private static String mutation(String status) {
        return "<mutation status='" + status + "'><sourceFile>B.java</sourceFile><mutatedClass>a.B$C</mutatedClass>"
                + "<mutatedMethod>lambda$f$0</mutatedMethod><lineNumber>2</lineNumber>"
                + "<description>Replaced integer addition</description></mutation>";
    }
}
