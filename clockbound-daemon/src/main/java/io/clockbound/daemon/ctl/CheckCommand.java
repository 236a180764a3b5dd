/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.daemon.config.DurationText;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A check for Nagios and compatible monitors: one line, performance data, and their exit codes. */
@Command(
        name = "check",
        description = {
            "Checks the clock for Nagios and compatible monitors: one line with performance data, and their exit codes.",
            "Critical: not trusted, no daemon, or a bound over --crit. Warning: free running, or a bound over --warn."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeOnInvalidInput = CheckCommand.UNKNOWN,
        exitCodeOnExecutionException = CheckCommand.UNKNOWN,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:OK", "1:WARNING", "2:CRITICAL", "3:UNKNOWN: the command line is wrong, or output is lost"})
final class CheckCommand implements Callable<Integer> {

    /** What those programs show for a check that could not be made. */
    static final int UNKNOWN = 3;

    private static final int NANOS_DIGITS = 9;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = {"-w", "--warn"},
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "A bound over this is a warning. Default: none is.")
    @Nullable
    private Duration warn;

    @Option(
            names = {"-c", "--crit"},
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "A bound over this is critical. Default: none is.")
    @Nullable
    private Duration critical;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    /** The states of a check. */
    private enum Level {
        OK(0),
        WARNING(1),
        CRITICAL(2);

        private final int exitCode;

        Level(int exitCode) {
            this.exitCode = exitCode;
        }
    }

    @Override
    public Integer call() throws IOException {
        if (warn != null && critical != null && warn.compareTo(critical) > 0) {
            throw new ParameterException(
                    command.commandLine(), "--warn is more than --crit, so that there would never be a warning");
        }
        BoundedInstant now;
        String reason = "";
        try (BoundedClock clock = client.connect()) {
            now = clock.read();
            if (!now.status().isTrusted()) {
                CtlException why = client.whyNotTrusted(clock);
                return report(Level.CRITICAL, String.valueOf(why.getMessage()), null, why.fields());
            }
            if (now.status() == ClockStatus.FREE_RUNNING) {
                reason = client.reason(clock);
            }
        } catch (IOException e) {
            return report(Level.CRITICAL, String.valueOf(e.getMessage()), null, Map.of());
        }
        String bound = "bound " + DurationText.of(now.halfWidthNanos());
        String text = bound + ", " + now.status();
        if (isOver(critical, now)) {
            return report(Level.CRITICAL, over(bound, "--crit", critical, now), now);
        }
        if (now.status() == ClockStatus.FREE_RUNNING) {
            return report(Level.WARNING, text + reason, now);
        }
        return isOver(warn, now)
                ? report(Level.WARNING, over(bound, "--warn", warn, now), now)
                : report(Level.OK, text, now);
    }

    private static String over(String bound, String option, @Nullable Duration limit, BoundedInstant now) {
        return bound + " is over " + option + " " + (limit == null ? "" : DurationText.of(limit.toNanos())) + ", "
                + now.status();
    }

    private static boolean isOver(@Nullable Duration limit, BoundedInstant now) {
        return limit != null && now.halfWidthNanos() > limit.toNanos();
    }

    private int report(Level level, String text, BoundedInstant now) throws IOException {
        return report(level, text, now, Output.fields(now));
    }

    private int report(Level level, String text, @Nullable BoundedInstant now, Map<String, Object> reading)
            throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("level", level.name().toLowerCase(Locale.ROOT));
        json.put("text", text);
        json.putAll(reading);
        // after the first bar everything is performance data, and only the first line counts
        String line = text.replace('|', '/').replaceAll("\\s+", " ");
        output.write("CLOCKBOUND " + level + " - " + line + " | " + performance(now), json);
        return level.exitCode;
    }

    /** Returns the bound in seconds, U where there is none, with its limits; it is never below 0. */
    private String performance(@Nullable BoundedInstant now) {
        String value = now != null && now.status().isTrusted() ? seconds(now.halfWidthNanos()) + "s" : "U";
        return "bound=" + value + ";" + limit(warn) + ";" + limit(critical) + ";0";
    }

    private static String limit(@Nullable Duration limit) {
        return limit == null ? "" : seconds(limit.toNanos());
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, NANOS_DIGITS).stripTrailingZeros().toPlainString();
    }
}
