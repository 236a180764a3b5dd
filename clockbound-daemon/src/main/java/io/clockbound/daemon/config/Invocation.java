/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * A command line and its configuration file, understood.
 *
 * @param config what they say
 * @param values what each option is set to, for comparison with a later reading of the same file
 * @param settings the options as people read them, in the order of the help
 * @param isCheckOnly whether nothing is to be started, because the configuration is only to be checked
 * @param isPrintOnly whether nothing is to be started, because the settings are only to be printed
 */
public record Invocation(
        DaemonConfig config,
        Map<String, String> values,
        List<Setting> settings,
        boolean isCheckOnly,
        boolean isPrintOnly) {

    private static final Path DEFAULT_FILE = Path.of("/etc/clockbound/clockboundd.conf");

    public Invocation {
        values = Map.copyOf(values);
        settings = List.copyOf(settings);
    }

    /** What must be known before the file is read. */
    private record First(@Nullable String config, boolean isHelp, boolean isVersion) {

        static First of(String... arguments) {
            // in code: for these three alone, what reads annotations would take longer than all the rest
            OptionSpec config = OptionSpec.builder("-c", "--config")
                    .type(String.class)
                    .arity("0..1") // "-c --help" asks for help; that the file is missing is left to the second parse
                    .fallbackValue(null)
                    .build();
            OptionSpec help = OptionSpec.builder("-h", "--help").build();
            OptionSpec version = OptionSpec.builder("-V", "--version").build();
            CommandSpec spec =
                    CommandSpec.create().addOption(config).addOption(help).addOption(version);
            try {
                new CommandLine(spec)
                        .setUnmatchedArgumentsAllowed(true)
                        .setOverwrittenOptionsAllowed(true) // left to the second parse, which says so
                        .parseArgs(arguments);
            } catch (ParameterException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
            return new First(config.getValue(), isSet(help), isSet(version));
        }

        private static boolean isSet(OptionSpec flag) {
            return Boolean.TRUE.equals(flag.<@Nullable Boolean>getValue());
        }
    }

    /** Returns the text that was asked for instead of a start, if one was. */
    public static Optional<String> textAskedFor(String... arguments) {
        First first = First.of(arguments);
        if (first.isHelp()) {
            return Optional.of(new CommandLine(new DaemonOptions()).getUsageMessage());
        }
        return first.isVersion() ? Optional.of("clockboundd " + Version.number() + "\n") : Optional.empty();
    }

    /**
     * Reads the command line and the file.
     *
     * @throws IllegalArgumentException when something is wrong with them
     */
    public static Invocation parse(String... arguments) {
        DaemonOptions options = new DaemonOptions();
        CommandLine command = new CommandLine(options);
        Optional<ConfigFile> file = file(arguments);
        file.flatMap(it -> it.problems(command).stream().findFirst()).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        file.ifPresent(command::setDefaultValueProvider);
        ParseResult parsed;
        try {
            parsed = command.parseArgs(arguments);
        } catch (ParameterException e) {
            boolean isInFile = file.filter(it -> e.getArgSpec() != null && it.sets(e.getArgSpec()))
                    .isPresent();
            String text = UsageText.of(e);
            throw new IllegalArgumentException(isInFile ? origin(file) + ConfigFile.asKey(text) : text, e);
        }
        Map<String, String> values = new TreeMap<>();
        for (OptionSpec option : command.getCommandSpec().options()) {
            values.put(ConfigFile.key(option), Objects.toString(option.<@Nullable Object>getValue()));
        }
        try {
            DaemonConfig config = options.toConfig();
            List<Setting> settings = Setting.all(parsed, file, config);
            return new Invocation(config, values, settings, options.isCheckOnly, options.isPrintOnly);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(origin(file) + e.getMessage(), e);
        }
    }

    /** Reads the configuration file, if there is one. */
    static Optional<ConfigFile> file(String... arguments) {
        return Optional.ofNullable(First.of(arguments).config())
                .map(Path::of)
                .or(() -> Files.notExists(DEFAULT_FILE) ? Optional.empty() : Optional.of(DEFAULT_FILE))
                .map(ConfigFile::read);
    }

    private static String origin(Optional<ConfigFile> file) {
        return file.map(it -> it.path() + " or the command line: ").orElse("");
    }
}
