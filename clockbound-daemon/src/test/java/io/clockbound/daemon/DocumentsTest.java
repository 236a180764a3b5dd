/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents of the repository name only what exists. */
class DocumentsTest {

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern TEST = Pattern.compile("\\b([A-Z][a-z]\\w*(?:Test|IT|Contract))\\b(?:\\.(\\w+))?");
    private static final Pattern CODE = Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.(\\w+))?`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void everyTestThatADocumentNamesExists() throws IOException {
        Map<String, String> sources = sources("src/test/java");
        List<String> named = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        documents()
                .forEach((document, text) -> TEST.matcher(text).results().forEach(test -> {
                    named.add(test.group());
                    String source = sources.get(test.group(1));
                    String method = test.group(2);
                    boolean isFound = source != null && (method == null || source.contains(" " + method + "("));
                    if (!isFound) {
                        missing.add(document + ": " + test.group());
                    }
                }));
        assertThat(named).hasSizeGreaterThan(100);
        assertThat(missing).isEmpty();
    }

    @Test
    void everyFaultOfAPeerAndEveryHabitOfChronydHasATest() throws IOException {
        List<String> without = new ArrayList<>();
        int rows = 0;
        for (String document : List.of("docs/CHRONYD.md", "docs/PEER-FAULTS.md")) {
            boolean isBehindHeading = false;
            for (String line : Files.readAllLines(REPOSITORY.resolve(document))) {
                if (line.startsWith("|---")) {
                    isBehindHeading = true;
                } else if (!line.startsWith("|")) {
                    isBehindHeading = false;
                } else if (isBehindHeading) {
                    rows++;
                    String last = line.substring(line.lastIndexOf('|', line.length() - 2));
                    if (!TEST.matcher(last).find() && !last.contains("cannot occur: ")) {
                        without.add(document + ": " + line);
                    }
                }
            }
        }
        assertThat(rows).isGreaterThan(100);
        assertThat(without).isEmpty();
    }

    @Test
    void everyTypeAndMethodOnTheMapExists() throws IOException {
        String sources = String.join("", sources("src/main/java").values())
                + String.join("", sources("src/test/java").values());
        List<String> missing = new ArrayList<>();
        CODE.matcher(Files.readString(REPOSITORY.resolve("docs/DESIGN.md")))
                .results()
                .filter(code -> !isType(sources, code.group(1))
                        || (code.group(2) != null && !sources.contains(" " + code.group(2) + "(")))
                .forEach(code -> missing.add(code.group()));
        assertThat(missing).isEmpty();
    }

    private static boolean isType(String sources, String name) {
        return Pattern.compile("\\b(class|record|interface|enum) " + name + "\\b")
                .matcher(sources)
                .find();
    }

    @Test
    void everyLinkToAFileLeadsToOne() throws IOException {
        List<String> broken = new ArrayList<>();
        documents()
                .forEach((document, text) -> LINK.matcher(text).results().forEach(link -> {
                    Path target = Objects.requireNonNull(document.getParent()).resolve(link.group(1));
                    if (!Files.exists(target)) {
                        broken.add(document + ": " + link.group());
                    }
                }));
        assertThat(broken).isEmpty();
    }

    /** Returns the documents and what they say. */
    private static Map<Path, String> documents() throws IOException {
        Map<Path, String> texts = new TreeMap<>();
        for (String folder : List.of(".", "docs", "findings")) {
            try (Stream<Path> files = Files.list(REPOSITORY.resolve(folder).normalize())) {
                for (Path file :
                        files.filter(file -> file.toString().endsWith(".md")).toList()) {
                    texts.put(file, Files.readString(file));
                }
            }
        }
        assertThat(texts).hasSizeGreaterThan(8);
        return texts;
    }

    /** Returns the sources in the folders of that name, by the names of their types. */
    private static Map<String, String> sources(String folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            for (Path file : files.filter(file ->
                            file.toString().endsWith(".java") && file.toString().contains("/" + folder + "/"))
                    .toList()) {
                String name = Objects.requireNonNull(file.getFileName()).toString();
                texts.merge(name.replace(".java", ""), Files.readString(file), String::concat);
            }
        }
        return texts;
    }
}
