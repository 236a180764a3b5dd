/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.ClockNotTrustedException;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.Version;
import io.clockbound.daemon.demo.DemoCommand;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code clockboundctl}. */
@Command(
        name = "clockboundctl",
        description = "What an operator does with ClockBound.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            NowCommand.class,
            BeforeCommand.class,
            AfterCommand.class,
            StatusCommand.class,
            WaitCommand.class,
            WatchCommand.class,
            TimingCommand.class,
            DemoCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine, or yes", "1:it failed, or no", "2:the command line is wrong"})
public final class ClockBoundCtl {

    private ClockBoundCtl() {}

    /** Runs one command. */
    public static void main(String[] arguments) {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
        int code = commandLine().execute(arguments);
        Logging.end();
        System.exit(code);
    }

    static CommandLine commandLine() {
        CommandLine program = new CommandLine(new ClockBoundCtl());
        // what follows the name of the command belongs to that command
        Objects.requireNonNull(program.getSubcommands().get("timing")).setStopAtPositional(true);
        return program.setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((failure, arguments) -> refuse(failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> fail(failure, command));
    }

    private static int refuse(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String hint = "see " + name + " --help";
        if (failure instanceof UnmatchedArgumentException unmatched) {
            List<String> similar = unmatched.getSuggestions();
            hint = similar.isEmpty() ? hint : "did you mean " + similar.get(0) + "?";
        }
        command.getErr().println(name + ": " + failure.getMessage() + "; " + hint);
        return ExitCode.USAGE;
    }

    /** Says what the world did; a fault of the program goes on to whoever shows where it is. */
    private static int fail(Exception failure, CommandLine command) throws Exception {
        if (failure instanceof IOException || failure instanceof ClockNotTrustedException) {
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + failure.getMessage());
            return ExitCode.FAILED;
        }
        throw failure;
    }
}
