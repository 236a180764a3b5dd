/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program behind {@code clockbound-it/replay}. Exit codes: 0 nothing missed, 1 something did, 2 wrong command line. */
final class ReplayRun {

    private static final String USAGE = "usage: clockbound-it/replay [--poll-interval TIME] TRACE.gz…, where TIME is "
            + "like 1s or 100ms, from 100ms to 60s";

    private ReplayRun() {}

    public static void main(String[] arguments) {
        List<String> traces = new ArrayList<>(List.of(arguments));
        Duration pollInterval = Duration.ofMillis(100);
        try {
            if (!traces.isEmpty() && traces.get(0).equals("--poll-interval")) {
                pollInterval = duration(traces.get(1));
                traces = traces.subList(2, traces.size());
            }
            if (traces.isEmpty()) {
                throw new IllegalArgumentException("no trace is named");
            }
        } catch (RuntimeException e) {
            System.err.println("replay: " + e.getMessage() + "; " + USAGE);
            System.exit(2);
        }
        int missed = 0;
        for (String file : traces) {
            try (InputStream gzip = Files.newInputStream(Path.of(file))) {
                Replay replay = Replay.of(Trace.read(gzip), pollInterval);
                System.out.println(
                        replay.json(Path.of(file).getFileName().toString().replaceFirst("(\\.trace)?\\.gz$", "")));
                missed += replay.ours().missed();
            } catch (IOException | IllegalArgumentException e) {
                System.err.println("replay: " + file + ": " + e.getMessage() + "; " + USAGE);
                System.exit(2);
            }
        }
        System.exit(missed > 0 ? 1 : 0);
    }

    private static Duration duration(String text) {
        Matcher time = Pattern.compile("(\\d{1,9})(ms|s)").matcher(text);
        if (!time.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no time");
        }
        long count = Long.parseLong(time.group(1));
        return time.group(2).equals("s") ? Duration.ofSeconds(count) : Duration.ofMillis(count);
    }
}
