/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.config.DirectoryOptions;
import io.clockbound.daemon.config.NativeOption;
import io.clockbound.daemon.config.Version;
import io.clockbound.daemon.doctor.Doctor;
import io.clockbound.daemon.doctor.Finding;
import io.clockbound.daemon.doctor.Machine;
import io.clockbound.daemon.doctor.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks for what is wrong, and says what mends it. */
@Command(
        name = "doctor",
        description = {
            "Looks at chronyd, its configuration and sources, the daemon, its sockets and segments, and the machine,"
                    + " and says what is wrong, what that means for the bound, and what mends it.",
            "It only reads, and also works without a daemon. As root it sees more."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing has to be mended",
            "1:the worst finding is a warning",
            "2:the command line is wrong",
            "3:a fault: there is no bound, or it may miss true time"
        })
final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private final DirectoryOptions directories = new DirectoryOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // it acts when picocli sets it
    private final NativeOption way = new NativeOption();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--chronyd",
            paramLabel = "ADDRESS",
            description =
                    "Ask chronyd there: unix:PATH, HOST:PORT or a list of them. Default: where the daemon asks it, and"
                            + " where it listens by default.")
    private String chronyd = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean isShmNamed = command.commandLine().getParseResult().hasMatchedOption("--shm-dir");
        Optional<Path> shm = isShmNamed ? Optional.of(directories.shm()) : Optional.empty();
        Machine machine;
        try {
            machine = Machine.look(chronyd, directories.run(), shm);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--chronyd: " + e.getMessage(), e);
        }
        List<Finding> findings = Doctor.findings(machine);
        int exitCode = findings.isEmpty() ? 0 : findings.get(0).severity().exitCode();
        output.write(text(findings), json(findings, exitCode));
        return exitCode;
    }

    private static String text(List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            lines.add(String.format("%-8s %s", word(finding.severity()), finding.fact()));
            if (!finding.consequence().isEmpty()) {
                lines.add("         Bound:  " + finding.consequence());
            }
            if (!finding.remedy().isEmpty()) {
                lines.add("         Remedy: " + finding.remedy());
            }
        }
        lines.add(String.format(
                "faults: %d, warnings: %d, notes: %d, in order: %d",
                count(findings, Severity.FAULT),
                count(findings, Severity.WARNING),
                count(findings, Severity.NOTE),
                count(findings, Severity.FINE)));
        return String.join("\n", lines);
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> json(List<Finding> findings, int exitCode) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Finding finding : findings) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", finding.name());
            fields.put("severity", word(finding.severity()));
            fields.put("fact", finding.fact());
            fields.put("consequence", finding.consequence());
            fields.put("remedy", finding.remedy());
            all.add(fields);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("exit_code", exitCode);
        json.put("findings", all);
        return json;
    }
}
