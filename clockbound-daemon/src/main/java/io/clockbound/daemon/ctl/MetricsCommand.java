/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.Version;
import io.clockbound.daemon.metrics.Samples;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Writes the daemon's metrics for Prometheus, for a machine whose node_exporter collects them from a file.
 *
 * <p>A file must never keep the bound of a daemon that is gone: without an answer one is written that says so, and where that
 * fails the old one is removed.
 */
@Command(
        name = "metrics",
        description = {
            "Writes the metrics of the daemon in Prometheus' text format, also of one that serves none by HTTP.",
            "For the textfile collector of node_exporter, run it once a minute with --output. A daemon that does not"
                    + " answer is clockbound_up 0; a clock that is not trusted has no error bound."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the metrics of the daemon are written, whether the clock is trusted or not",
            "1:they cannot be written",
            "2:the command line is wrong",
            "4:no daemon answers; with --output, the file says so"
        })
final class MetricsCommand implements Callable<Integer> {

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Replace this file, whose name must end with .prom for node_exporter to read it."
                    + " Default: standard output.")
    @Nullable
    private Path output;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        Path file = output == null ? null : checked(output.toAbsolutePath());
        Samples samples;
        try {
            samples = MetricsText.samples(client.metrics());
        } catch (IOException e) {
            boolean isMisused = e instanceof CtlException known && known.exitCode() == ExitCode.USAGE;
            if (file != null && !isMisused) {
                MetricsText.replace(file, MetricsText.of(MetricsText.down()));
            }
            throw e;
        }
        write(file, MetricsText.of(samples));
        return ExitCode.OK;
    }

    /** A device, a pipe or a link is not replaced: it belongs to others. */
    private Path checked(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw wrong(file + " is no regular file, and would be replaced by one: name a file, or leave out --output"
                    + " for standard output");
        }
        Path directory = file.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw wrong(directory + " is no directory: name a file in the directory of node_exporter's"
                    + " --collector.textfile.directory");
        }
        return file;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), "--output: " + message);
    }

    private void write(@Nullable Path file, String text) throws IOException {
        if (file != null) {
            MetricsText.replace(file, text);
            return;
        }
        PrintWriter out = command.commandLine().getOut();
        out.print(text);
        if (Output.isLost(out)) {
            throw new IOException(Output.LOST);
        }
    }
}
