/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.pit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A mutant that no unit test noticed. Without its number, so that lines above it may come and go.
 *
 * @param place class and method, {@code io.clockbound.Steps.add}; a lambda is the method that contains it
 * @param change what the mutant does, in PIT's words
 * @param line what the source says in that line, without the white space around it
 */
record Survivor(String place, String change, String line) {

    private static final Pattern ENTRY = Pattern.compile("(\\S+) \\| ([^|]+) \\| (.+)");
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(\\w+)\\$\\d+");

    @Override
    public String toString() {
        return place + " | " + change + " | " + line;
    }

    /** Returns the survivors that a report of PIT shows, among its mutants; one as often as it is there. */
    static List<Survivor> reported(Path report, Path sources) throws IOException {
        List<Survivor> survivors = new ArrayList<>();
        NodeList mutants = mutants(report);
        for (int i = 0; i < mutants.getLength(); i++) {
            Element mutant = (Element) mutants.item(i);
            String status = mutant.getAttribute("status");
            if (status.equals("SURVIVED") || status.equals("NO_COVERAGE")) {
                survivors.add(of(mutant, sources));
            }
        }
        return survivors;
    }

    static int count(Path report) throws IOException {
        return mutants(report).getLength();
    }

    private static NodeList mutants(Path report) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("mutation");
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + " is no report of PIT", e);
        }
    }

    private static Survivor of(Element mutant, Path sources) throws IOException {
        String type = text(mutant, "mutatedClass");
        Path source = sources.resolve(
                type.substring(0, type.lastIndexOf('.')).replace('.', '/') + "/" + text(mutant, "sourceFile"));
        String line = Files.readAllLines(source).get(Integer.parseInt(text(mutant, "lineNumber")) - 1);
        Matcher lambda = LAMBDA.matcher(text(mutant, "mutatedMethod"));
        String method = lambda.matches() ? lambda.group(1) : text(mutant, "mutatedMethod");
        return new Survivor(type + "." + method, text(mutant, "description"), line.strip());
    }

    private static String text(Element mutant, String name) {
        return mutant.getElementsByTagName(name).item(0).getTextContent();
    }

    /** Returns the survivors that a file names, one as often as it is there, each with its explanation below. */
    static List<Survivor> explained(Path file) throws IOException {
        List<Survivor> survivors = new ArrayList<>();
        boolean isExplained = true;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("    ") && !survivors.isEmpty()) {
                isExplained = true;
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                Matcher entry = ENTRY.matcher(line);
                if (!entry.matches()) {
                    throw new IOException(file + ": neither 'PLACE | CHANGE | LINE' nor an explanation, which begins"
                            + " with four spaces: " + line);
                }
                survivors.add(new Survivor(entry.group(1), entry.group(2), entry.group(3)));
                isExplained = false;
            } else if (!isExplained) {
                throw new IOException(file + ": without an explanation: " + survivors.get(survivors.size() - 1));
            }
        }
        if (!isExplained) {
            throw new IOException(file + ": without an explanation: " + survivors.get(survivors.size() - 1));
        }
        return survivors;
    }

    /** Says whether the source still has that line. */
    boolean isInSource(Path root) throws IOException {
        String type = place.substring(0, place.lastIndexOf('.')).replaceFirst("\\$.*", "");
        String name = "src/main/java/" + type.replace('.', '/') + ".java";
        try (Stream<Path> modules = Files.list(root)) {
            for (Path source : modules.map(module -> module.resolve(name))
                    .filter(Files::exists)
                    .toList()) {
                return Files.readAllLines(source).stream()
                        .anyMatch(text -> text.strip().equals(line));
            }
        }
        return false;
    }
}
