/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.LocalClock;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.DurationText;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what has happened to the clock. */
@Command(
        name = "history",
        description = {
            "Shows the changes of the status, of its reason and of the source, and the minimum, the median and the"
                    + " maximum of half the width of the interval.",
            "The daemon remembers a day, by the minute, and 100 changes."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class HistoryCommand implements Callable<Integer> {

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = DurationText.class,
            description = "How far back to go. Default: ${DEFAULT-VALUE}.")
    private Duration since = Duration.ofHours(1);

    @Override
    public Integer call() throws IOException {
        Map<String, Object> history =
                client.history(LocalClock.system().instant().minus(since));
        output.write(String.join("\n", lines(new Report(history))), history);
        return ExitCode.OK;
    }

    private static List<String> lines(Report history) {
        List<String> lines = new ArrayList<>();
        add(lines, "half width", history.list("periods"), "no minute is over yet");
        lines.add("");
        add(lines, "changes", history.list("changes"), "none");
        if (history.number("changes_left_out") > 0) {
            lines.add(history.number("changes_left_out") + " older changes are left out");
        }
        return lines;
    }

    private static void add(List<String> lines, String title, List<?> items, String none) {
        if (items.isEmpty()) {
            lines.add(title + ": " + none);
        } else {
            lines.add(title);
            StatusText.table(items).forEach(line -> lines.add("  " + line));
        }
    }
}
