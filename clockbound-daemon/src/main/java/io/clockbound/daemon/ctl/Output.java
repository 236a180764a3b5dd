/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedInstant;
import io.clockbound.daemon.Json;
import io.clockbound.daemon.config.DurationText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The output of a command: a line for people, or a JSON object for programs. */
final class Output {

    static final String JSON = "--json";
    static final String LOST = "cannot write to standard output";

    @Option(names = JSON, description = "Write a JSON object.")
    boolean isJson;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    /**
     * Writes one line or one object to standard output.
     *
     * @throws IOException when it cannot be written
     */
    void write(String line, Map<String, ?> json) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        out.println(isJson ? Json.write(json) : line);
        if (isLost(out)) {
            throw new IOException(LOST);
        }
    }

    /** Tells whether something could not be written. The writer ends in System.out, which keeps its errors to itself. */
    static boolean isLost(PrintWriter out) {
        return out.checkError() || System.out.checkError();
    }

    /**
     * Writes why the command has no answer.
     *
     * @param isJson whether as an object to standard output, and not as a line to standard error
     */
    static void writeFailure(CommandLine command, boolean isJson, Exception failure, int exitCode) {
        // the standard output of a timed command is its own
        boolean isBeside = !isJson || command.getCommand() instanceof TimingCommand;
        PrintWriter to = isBeside ? command.getErr() : command.getOut();
        to.println(
                isJson
                        ? Json.write(CtlException.fields(failure, exitCode))
                        : command.getCommandSpec().qualifiedName() + ": " + failure.getMessage());
        to.flush();
    }

    /** Writes to standard error, because standard output belongs to the command that was run. */
    void writeBeside(String lines, Map<String, ?> json) {
        PrintWriter err = command.commandLine().getErr();
        err.println(isJson ? Json.write(json) : lines);
        err.flush();
    }

    /** Shows the progress on a terminal, in place of what was shown before. */
    void progress(String text) {
        if (Terminal.isStandardError()) {
            PrintWriter err = command.commandLine().getErr();
            err.print(Terminal.LINE_START + Terminal.CUT_LONG_LINES + text + Terminal.WRAP_LONG_LINES);
            err.flush();
        }
    }

    /** Returns an interval as a line. */
    static String line(BoundedInstant now) {
        return now.earliest() + " .. " + now.latest() + "  ± " + DurationText.of(now.halfWidthNanos()) + "  "
                + now.status();
    }

    /** Returns an interval as members of a JSON object; its ends only when it can be trusted. */
    static Map<String, Object> fields(BoundedInstant now) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", now.status().name());
        fields.put("is_trusted", now.status().isTrusted());
        if (now.status().isTrusted()) {
            fields.put("earliest_epoch_ns", now.earliestNanos());
            fields.put("latest_epoch_ns", now.latestNanos());
            fields.put("half_width_ns", now.halfWidthNanos());
        }
        return fields;
    }
}
