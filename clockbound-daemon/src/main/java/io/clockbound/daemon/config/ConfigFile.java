/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A properties file with the long names of options as keys: what it says holds unless the command line says otherwise.
 *
 * @param path where it is
 * @param values what it says
 */
record ConfigFile(Path path, Map<String, String> values) implements IDefaultValueProvider {

    /** Options that are about the command line itself. */
    static final Set<String> NOT_IN_FILES = Set.of("config", "check-config", "print-config", "help", "version");

    ConfigFile {
        values = Map.copyOf(values);
    }

    /**
     * Reads a file and checks its keys against the options of a command.
     *
     * @throws IllegalArgumentException when it can't be read, or has a key twice or one that is no option
     */
    static ConfigFile read(Path path, CommandLine command) {
        Map<String, String> values = new TreeMap<>();
        Properties lines = new Properties() {
            @Override
            public synchronized @Nullable Object put(Object key, Object value) {
                if (values.put((String) key, ((String) value).strip()) != null) {
                    throw new IllegalArgumentException("'" + key + "' is set twice; keep one line");
                }
                return null;
            }
        };
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            lines.load(reader);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(path + ": there is no such file; make it, or leave out --config", e);
        } catch (AccessDeniedException e) {
            throw new IllegalArgumentException(path + ": this user may not read it; see its owner and mode", e);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(path + ": it is not UTF-8", e);
        } catch (IllegalArgumentException e) { // a key twice, or what Properties says of a bad escape
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": cannot be read: " + e.getMessage(), e);
        }
        requireOptions(path, values.keySet(), command);
        return new ConfigFile(path, values);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec option) {
        return option instanceof OptionSpec named ? values.get(key(named)) : null;
    }

    /** Tells whether the value of this option can have come from the file. */
    boolean sets(ArgSpec option) {
        return defaultValue(option) != null;
    }

    static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^--", "");
    }

    private static void requireOptions(Path path, Set<String> keys, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        Set<String> known = new HashSet<>();
        spec.options().forEach(option -> known.add(key(option)));
        known.removeAll(NOT_IN_FILES);
        for (String key : keys) {
            if (!known.contains(key)) {
                List<String> similar = new UnmatchedArgumentException(command, List.of("--" + key)).getSuggestions();
                String hint = similar.stream()
                        .map(name -> name.replaceFirst("^--", ""))
                        .filter(known::contains)
                        .findFirst()
                        .map(name -> "; did you mean '" + name + "'?")
                        .orElse("; clockboundd --help lists the options, whose long names are the keys");
                throw new IllegalArgumentException(path + ": '" + key + "' is no option" + hint);
            }
        }
    }
}
