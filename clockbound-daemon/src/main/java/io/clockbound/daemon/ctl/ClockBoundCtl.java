/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.ClockNotTrustedException;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.UsageText;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code clockboundctl}. */
@Command(
        name = "clockboundctl",
        description = "Inspects a ClockBound daemon and waits for its clock.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            NowCommand.class,
            OrderCommand.Before.class,
            OrderCommand.After.class,
            StatusCommand.class,
            HistoryCommand.class,
            WaitCommand.class,
            WatchCommand.class,
            TimingCommand.class,
            CheckCommand.class,
            MetricsCommand.class,
            DoctorCommand.class,
            DemoCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success, or yes",
            "1:failure, or no",
            "2:the command line is wrong",
            "3:the clock is not trusted",
            "4:no daemon answers"
        })
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
        // the words after the name of the timed command are its arguments
        Objects.requireNonNull(program.getSubcommands().get("timing")).setStopAtPositional(true);
        hideSegment(program, "history");
        hideSegment(program, "metrics");
        return program.setUsageHelpAutoWidth(true)
                .setExecutionStrategy(ClockBoundCtl::run)
                .setParameterExceptionHandler(ClockBoundCtl::refuse)
                .setExecutionExceptionHandler(ClockBoundCtl::fail);
    }

    /** A segment answers neither; its option stays known, so that the refusal says why. */
    private static void hideSegment(CommandLine program, String command) {
        CommandSpec spec =
                Objects.requireNonNull(program.getSubcommands().get(command)).getCommandSpec();
        OptionSpec segment = spec.findOption(ClientOptions.SEGMENT);
        spec.remove(segment);
        spec.addOption(OptionSpec.builder(segment).hidden(true).build());
    }

    /** Runs a command or prints its help; output that is lost is a failure, whatever the command itself returns. */
    private static int run(ParseResult parsed) {
        int code = new RunLast().execute(parsed);
        CommandLine program = parsed.commandSpec().commandLine();
        if (Output.isLost(program.getOut())) {
            program.getErr().println(program.getCommandName() + ": " + Output.LOST);
            return exitCodeOfFailure(parsed);
        }
        return code;
    }

    private static int exitCodeOfFailure(ParseResult parsed) {
        return parsed.hasSubcommand()
                ? parsed.subcommand().commandSpec().exitCodeOnExecutionException()
                : ExitCode.FAILED;
    }

    private static int refuse(ParameterException failure, String... arguments) {
        CommandLine command = failure.getCommandLine();
        String text = UsageText.of(failure);
        String see = UsageText.see(command);
        boolean isComplete = failure instanceof UnmatchedArgumentException || text.endsWith(see);
        boolean isJson = List.of(arguments).contains(Output.JSON);
        CtlException shown = new CtlException(ExitCode.USAGE, isComplete ? text : text + see);
        int code = command.getCommandSpec().exitCodeOnInvalidInput(); // USAGE, unless the command has codes of its own
        Output.writeFailure(command, isJson, shown, code);
        return code;
    }

    /** Reports what failed outside of the program; a fault of the program itself goes on, with its stack trace. */
    private static int fail(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        int code = command.getCommandSpec().exitCodeOnExecutionException();
        if (code == ExitCode.FAILED && failure instanceof CtlException known) {
            code = known.exitCode();
        } else if (code == ExitCode.FAILED && failure instanceof ClockNotTrustedException) {
            code = ExitCode.NOT_TRUSTED;
        } else if (!(failure instanceof IOException)) {
            throw failure;
        }
        boolean isJson = parsed.hasSubcommand()
                && parsed.subcommand().hasMatchedOption(Output.JSON)
                && !Output.LOST.equals(failure.getMessage());
        Output.writeFailure(command, isJson, failure, code);
        return code;
    }
}
