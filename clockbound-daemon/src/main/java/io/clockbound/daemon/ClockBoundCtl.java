/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code clockboundctl}. */
@Command(
        name = "clockboundctl",
        description = "What an operator does with ClockBound.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {Demo.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND")
public final class ClockBoundCtl {

    private ClockBoundCtl() {}

    /** Runs one command. */
    public static void main(String[] arguments) {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
        int code =
                new CommandLine(new ClockBoundCtl()).setUsageHelpAutoWidth(true).execute(arguments);
        Logging.end();
        System.exit(code);
    }
}
