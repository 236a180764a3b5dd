/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in words for people where picocli's name a type of Java or a position. */
public final class UsageText {

    private UsageText() {}

    /** Returns what is wrong and, for a word that is not known, what it was likely meant to be or where to look. */
    public static String of(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        if (failure instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            Set<String> commands = command.getSubcommands().keySet();
            String fact = unmatched.isUnknownOption()
                    ? "Unknown option: '" + word + "'"
                    : commands.isEmpty() ? "'" + word + "' is one word too many" : "'" + word + "' is no command";
            Set<String> names = unmatched.isUnknownOption()
                    ? command.getCommandSpec().optionsMap().keySet()
                    : commands;
            return fact
                    + Similar.to(word.replaceFirst("=.*", ""), names)
                            .map(name -> "; did you mean " + name + "?")
                            .orElse(see(command));
        }
        String message = String.valueOf(failure.getMessage());
        if (message.equals("Missing required subcommand")) {
            return "a command is missing: "
                    + command.getSubcommands().keySet().stream().collect(Collectors.joining(", "))
                    + see(command);
        }
        return message.replaceFirst("^Unknown subcommand '(.*)'\\.$", "'$1' is no command")
                .replaceFirst("' is not an? (int|long)$", "' must be a whole number")
                .replaceFirst("' is not a boolean$", "' must be true or false");
    }

    /** Returns where the options are explained, to be appended. */
    public static String see(CommandLine command) {
        return "; see " + command.getCommandSpec().qualifiedName() + " --help";
    }
}
