/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.Json;
import io.clockbound.daemon.config.DurationText;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command answers: a line for people, or a JSON object for programs. */
final class Output {

    @Option(names = "--json", description = "Answer with a JSON object.")
    boolean isJson;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    /** Writes one answer. */
    void write(String line, Map<String, ?> json) {
        PrintWriter out = command.commandLine().getOut();
        out.println(isJson ? Json.write(json) : line);
        out.flush();
    }

    /** Writes that the clock cannot be trusted, and returns the exit code for it. */
    int writeUntrusted(BoundedClock clock, BoundedInstant now) {
        if (isJson) {
            write("", fields(now));
        } else {
            say("not synchronised: status " + now.status() + ", read from " + clock.description()
                    + "; 'clockboundctl status' says why");
        }
        return ExitCode.FAILED;
    }

    /** Writes one answer to standard error, because standard output belongs to somebody else. */
    void writeBeside(String lines, Map<String, ?> json) {
        PrintWriter err = command.commandLine().getErr();
        err.println(isJson ? Json.write(json) : lines);
        err.flush();
    }

    /** Writes a message to standard error. */
    void say(String message) {
        PrintWriter err = command.commandLine().getErr();
        err.println(command.qualifiedName() + ": " + message);
        err.flush();
    }

    /** Shows on a terminal how far it is, in the place of what was shown before. */
    void progress(String text) {
        if (Terminal.isStandardError()) {
            PrintWriter err = command.commandLine().getErr();
            err.print(Terminal.LINE_START + text);
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
