/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import io.clockbound.VmClock;
import io.clockbound.socket.NativeChoice;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * What one option is set to.
 *
 * @param name its name in the configuration file
 * @param value the effective value; where there is none, what that means
 * @param origin where the value comes from
 */
public record Setting(String name, String value, String origin) {

    /** Returns the settings of all options that a configuration file may have. */
    static List<Setting> all(ParseResult parsed, Optional<ConfigFile> file, DaemonConfig config) {
        return parsed.commandSpec().options().stream()
                .filter(option -> !ConfigFile.NOT_IN_FILES.contains(ConfigFile.key(option)))
                .map(option -> of(option, parsed, file, config))
                .toList();
    }

    private static Setting of(OptionSpec option, ParseResult parsed, Optional<ConfigFile> file, DaemonConfig config) {
        String name = ConfigFile.key(option);
        if (parsed.hasMatchedOption(option)) {
            String given = String.join(" ", option.originalStringValues());
            return new Setting(name, effective(name, given, config), "the command line");
        }
        return file.filter(it -> it.sets(option))
                .map(it -> new Setting(
                        name,
                        effective(name, it.defaultValue(option), config),
                        it.path().toString()))
                .orElseGet(
                        () -> new Setting(name, effective(name, option.defaultValueString(), config), "the default"));
    }

    /** Returns a value with what it stands for on this machine, where it stands for something else. */
    private static String effective(String name, @Nullable String given, DaemonConfig config) {
        boolean isGiven = given != null && !given.isEmpty() && !given.equals("[]") && !given.equals("null");
        String value = isGiven && given != null ? given : "none";
        return switch (name) {
            case "time-source-option" ->
                isGiven ? value : "address=" + config.source().peer();
            case "transport" -> isGiven ? value : "datagram,stream,shm";
            case "socket-group" -> isGiven ? value : "none: that of the process";
            case "native" -> value.startsWith("$") ? System.getProperty(NativeChoice.PROPERTY, "auto") : value;
            case "vmclock" -> value.equals("auto") ? "auto: " + vmClock(config) : value;
            default -> value;
        };
    }

    private static String vmClock(DaemonConfig config) {
        return config.vmClock().map(it -> it.path().toString()).orElse("no " + VmClock.DEVICE + " that can be read");
    }

    /** Returns the settings as lines: name, value, and in a comment the origin. */
    public static String lines(List<Setting> settings) {
        int nameWidth = settings.stream().mapToInt(it -> it.name.length()).max().orElse(1);
        int valueWidth =
                settings.stream().mapToInt(it -> it.value.length()).max().orElse(1);
        String format = "%-" + nameWidth + "s = %-" + valueWidth + "s  # %s%n";
        StringBuilder lines = new StringBuilder();
        settings.forEach(it -> lines.append(String.format(format, it.name, it.value, it.origin)));
        return lines.toString();
    }
}
