/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.mutants;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A change of the source that breaks a rule, from the table {@code mutants.txt}.
 *
 * @param rule the rule that it breaks, in words
 * @param file the file, from the root of the project
 * @param catches what notices: {@code Class#method}, or {@code seed N} of the simulation
 * @param right what the file says, once
 * @param wrong what it says in the mutant
 */
record Mutant(String rule, String file, String catches, String right, String wrong) {

    private static final Pattern ENTRY = Pattern.compile(
            "rule: ([^\\n]+)\\nfile: ([^\\n]+)\\ncaught by: ([^\\n]+)\\n<<<<\\n(.*?)\\n====\\n(.*?)\\n?>>>>\\n",
            Pattern.DOTALL);

    /** Returns the whole table. */
    static List<Mutant> all() throws IOException {
        try (InputStream table = Mutant.class.getResourceAsStream("/mutants.txt")) {
            String text =
                    new String(Objects.requireNonNull(table, "mutants.txt").readAllBytes(), UTF_8);
            List<Mutant> mutants = new ArrayList<>();
            int end = 0;
            for (Matcher entry = ENTRY.matcher(text); entry.find(); end = entry.end()) {
                requireComment(text.substring(end, entry.start()));
                mutants.add(new Mutant(entry.group(1), entry.group(2), entry.group(3), entry.group(4), entry.group(5)));
            }
            requireComment(text.substring(end));
            return mutants;
        }
    }

    private static void requireComment(String text) throws IOException {
        for (String line : text.split("\n", -1)) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                throw new IOException("in mutants.txt, this belongs to no entry: " + line);
            }
        }
    }

    /** Returns the text of the file in the mutant. */
    String apply(Path root) throws IOException {
        String source = Files.readString(root.resolve(file));
        int at = source.indexOf(right);
        if (at < 0 || source.indexOf(right, at + 1) >= 0) {
            throw new IOException(
                    "the mutant '" + rule + "' does not apply: " + file + " must contain this once: " + right);
        }
        return source.substring(0, at) + wrong + source.substring(at + right.length());
    }
}
