/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A properties file with the long names of options as keys: what it says holds unless the command line says otherwise.
 *
 * @param path where it is
 * @param lines what it says
 */
record ConfigFile(Path path, List<Line> lines) implements IDefaultValueProvider {

    /** Options that are about the command line itself. */
    static final Set<String> NOT_IN_FILES = Set.of("config", "check-config", "print-config", "help", "version");

    ConfigFile {
        lines = List.copyOf(lines);
    }

    /**
     * One setting.
     *
     * @param number of the line on which it begins, from 1
     * @param problem what is wrong with the line, empty when nothing is
     */
    record Line(int number, String key, String value, String problem) {}

    /**
     * Reads a file, whatever its lines say.
     *
     * @throws IllegalArgumentException when it cannot be read
     */
    static ConfigFile read(Path path) {
        try {
            return new ConfigFile(path, lines(Files.readAllLines(path, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(path + ": there is no such file; make it, or leave out --config", e);
        } catch (AccessDeniedException e) {
            throw new IllegalArgumentException(path + ": this user may not read it; see its owner and mode", e);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(path + ": it is not UTF-8", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads each setting on its own, because {@link Properties} forgets where it was. */
    private static List<Line> lines(List<String> texts) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int first = i;
            StringBuilder text = new StringBuilder(texts.get(i));
            boolean isComment = text.toString().strip().matches("[#!].*");
            while (!isComment && isContinued(texts.get(i)) && i + 1 < texts.size()) {
                i++;
                text.append('\n').append(texts.get(i));
            }
            Properties one = new Properties();
            try {
                one.load(new StringReader(text.toString()));
                one.forEach((key, value) -> lines.add(new Line(first + 1, (String) key, ((String) value).strip(), "")));
            } catch (IllegalArgumentException e) { // what Properties says of a bad escape
                lines.add(new Line(first + 1, "", "", String.valueOf(e.getMessage())));
            }
        }
        return lines;
    }

    private static boolean isContinued(String text) {
        int slashes = text.length() - text.replaceFirst("\\\\+$", "").length();
        return slashes % 2 == 1;
    }

    /** Returns what is wrong with the lines themselves, whatever their values: no option, twice, a bad escape. */
    List<String> problems(CommandLine command) {
        Set<String> known = new HashSet<>();
        command.getCommandSpec().options().forEach(option -> known.add(key(option)));
        known.removeAll(NOT_IN_FILES);
        Map<String, Integer> seen = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (Line line : lines) {
            @Nullable Integer before = line.key.isEmpty() ? null : seen.putIfAbsent(line.key, line.number);
            if (!line.problem.isEmpty()) {
                problems.add(at(line) + line.problem);
            } else if (!known.contains(line.key)) {
                problems.add(at(line) + "'" + line.key + "' is no option" + hint(line.key, known));
            } else if (before != null) {
                problems.add(at(line) + "'" + line.key + "' is set twice, first in line " + before + "; keep one line");
            }
        }
        return problems;
    }

    private static String hint(String key, Set<String> known) {
        return Similar.to(key, known)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("; clockboundd --help lists the options, whose long names are the keys");
    }

    /** Returns a message about an option as one about the key in a file. */
    static String asKey(String message) {
        return message.replaceFirst("option '--([a-z_-]+)'", "option '$1'");
    }

    /** Returns where a line is, for a message. */
    String at(Line line) {
        return path + ":" + line.number + ": ";
    }

    @Override
    public @Nullable String defaultValue(ArgSpec option) {
        return option instanceof OptionSpec named
                ? lines.stream()
                        .filter(line -> line.key.equals(key(named)))
                        .map(Line::value)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /** Tells whether the value of this option can have come from the file. */
    boolean sets(ArgSpec option) {
        return defaultValue(option) != null;
    }

    static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^--", "");
    }
}
