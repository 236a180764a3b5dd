/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Everything that is wrong with a command line and its configuration file, where {@link Invocation#parse} stops at the first:
 * each option is tried alone, then all that are good together, for what they say of each other.
 */
public final class ConfigProblems {

    private final Set<String> found = new LinkedHashSet<>();
    private final List<String> good = new ArrayList<>();

    private ConfigProblems() {}

    /** Returns the problems, each as one line that begins with its place; none when the invocation is good. */
    public static List<String> of(String... arguments) {
        ConfigProblems problems = new ConfigProblems();
        problems.look(arguments);
        return List.copyOf(problems.found);
    }

    private void look(String... arguments) {
        CommandLine command = new CommandLine(new DaemonOptions());
        // the values have their own trials
        command.getCommandSpec().parser().collectErrors(true);
        ParseResult parsed = command.parseArgs(arguments);
        for (Exception error : parsed.errors()) {
            if (isOfNoValue(error)) {
                found.add("command line: " + UsageText.of((ParameterException) error));
            }
        }
        Set<String> given = new HashSet<>();
        for (OptionSpec option : parsed.matchedOptionsSet()) {
            String key = ConfigFile.key(option);
            given.add(key);
            List<String> words = option.originalStringValues().stream()
                    .map(value -> "--" + key + "=" + value)
                    .toList();
            attempt("command line: ", words, false);
        }
        Optional<ConfigFile> file;
        try {
            file = Invocation.file(arguments);
        } catch (IllegalArgumentException e) {
            found.add(String.valueOf(e.getMessage()));
            file = Optional.empty();
        }
        file.ifPresent(it -> look(it, given, command));
        if (found.isEmpty()) {
            attempt("", good, false);
        }
    }

    private void look(ConfigFile file, Set<String> given, CommandLine command) {
        found.addAll(file.problems(command));
        for (ConfigFile.Line line : file.lines()) {
            boolean isKnown = command.getCommandSpec().findOption("--" + line.key()) != null
                    && !ConfigFile.NOT_IN_FILES.contains(line.key());
            if (isKnown && !given.contains(line.key())) {
                attempt(file.at(line), List.of("--" + line.key() + "=" + line.value()), true);
            }
        }
    }

    private void attempt(String place, List<String> words, boolean isInFile) {
        DaemonOptions options = new DaemonOptions();
        @Nullable String problem = null;
        try {
            new CommandLine(options).parseArgs(words.toArray(String[]::new));
            options.toConfig();
        } catch (ParameterException e) {
            problem = isInFile ? ConfigFile.asKey(UsageText.of(e)) : UsageText.of(e);
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
        }
        boolean isAlone = words.size() == 1 && problem != null && problem.equals(DaemonOptions.PHC_NEEDS_BOTH);
        if (problem == null || isAlone) {
            good.addAll(words);
        } else {
            found.add(place + problem);
        }
    }

    /** Tells whether an error is about the words of the command line, and not about the value of an option. */
    private static boolean isOfNoValue(Exception error) {
        return error instanceof UnmatchedArgumentException
                || error instanceof CommandLine.MissingParameterException
                || error instanceof CommandLine.OverwrittenOptionException;
    }
}
