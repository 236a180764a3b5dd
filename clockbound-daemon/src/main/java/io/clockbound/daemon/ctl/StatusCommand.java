/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the daemon's report on itself. */
@Command(
        name = "status",
        description = "Shows the bound and its parts, the time source, the transports, and why the clock is not"
                + " synchronised.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--explain", description = "Say in sentences what each number means.")
    private boolean isExplained;

    @Override
    public Integer call() throws IOException {
        Map<String, Object> status = client.report();
        output.write(isExplained ? explained(new Report(status)) : summed(status), status);
        return Boolean.TRUE.equals(status.get("is_trusted")) ? ExitCode.OK : ExitCode.NOT_TRUSTED;
    }

    private static String explained(Report status) {
        return String.join("\n", StatusSummary.sentences(status));
    }

    private static String summed(Map<String, Object> status) {
        Report report = new Report(status);
        return String.join("\n", StatusSummary.lines(report)) + "\n\n" + StatusText.of(unsaid(report));
    }

    /** Returns the status without the texts that its summary has. */
    private static Map<String, Object> unsaid(Report report) {
        Map<String, Object> rest = new LinkedHashMap<>();
        report.members().forEach((name, value) -> {
            if (!List.of("why", "warnings").contains(String.valueOf(name))) {
                rest.put(String.valueOf(name), value);
            }
        });
        Report poll = report.object("last_poll");
        if (poll.has("detail") && StatusSummary.why(report).contains(poll.text("detail"))) {
            Map<Object, Object> others = new LinkedHashMap<>(poll.members());
            others.remove("detail");
            rest.put("last_poll", others);
        }
        return rest;
    }
}
