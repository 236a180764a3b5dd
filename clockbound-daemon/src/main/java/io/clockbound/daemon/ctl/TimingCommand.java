/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.Timing;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs a command and reports when it ran and how long it took. */
@Command(
        name = "timing",
        description = {
            "Runs a command; writes to standard error when it started and finished, and how long it took.",
            "Exits with the code of the command; without running it, with 3 when the clock is not trusted, with 4 when no"
                    + " daemon answers, with 127 when there is no such command, and with 126 when it cannot be run."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class TimingCommand implements Callable<Integer> {

    /** As {@code env} and the shells have it. */
    private static final int CANNOT_BE_RUN = 126;

    private static final int NO_SUCH_COMMAND = 127;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "The command and its arguments.")
    private List<String> words = List.of();

    @Override
    public Integer call() throws Exception {
        try (BoundedClock clock = client.connect()) {
            return time(clock);
        } catch (CtlException e) {
            throw e.after("the command was not run: ");
        }
    }

    private int time(BoundedClock clock) throws Exception {
        Timing<Integer> timing;
        try {
            timing = clock.timing(this::run);
        } catch (ClockNotTrustedException e) { // before the command: after it, the finish is not known
            throw client.whyNotTrusted(clock);
        }
        output.writeBeside(lines(timing), fields(timing));
        return timing.result();
    }

    private int run() throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(words).inheritIO().start();
        } catch (IOException e) {
            String name = words.get(0);
            throw isFile(name)
                    ? new CtlException(CANNOT_BE_RUN, "'" + name + "' cannot be run: " + e.getMessage())
                    : new CtlException(
                            NO_SUCH_COMMAND, "there is no program '" + name + "': name one on the PATH, or its path");
        }
        return process.waitFor();
    }

    /** Looks itself: the message of {@link ProcessBuilder} gives the kernel's error in words that each runtime chooses. */
    private static boolean isFile(String program) {
        if (program.contains("/")) {
            return Files.exists(Path.of(program));
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":")).anyMatch(directory -> Files.isRegularFile(Path.of(directory, program)));
    }

    private static boolean isFinishKnown(Timing<?> timing) {
        return timing.finish().status().isTrusted();
    }

    private static String lines(Timing<?> timing) {
        String finish = isFinishKnown(timing)
                ? timing.latestFinish().toString()
                : "not known: the clock is " + timing.finish().status() + " now";
        String maximum = timing.maximumNanos() == Long.MAX_VALUE ? "not known" : seconds(timing.maximumNanos());
        return "earliest start  " + timing.earliestStart()
                + "\nlatest finish   " + finish
                + "\nexecution time  " + seconds(timing.minimumNanos()) + " .. " + maximum;
    }

    private static Map<String, Object> fields(Timing<Integer> timing) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("exit_code", timing.result());
        fields.put("earliest_start_epoch_ns", timing.start().earliestNanos());
        if (isFinishKnown(timing)) {
            fields.put("latest_finish_epoch_ns", timing.finish().latestNanos());
        }
        fields.put("minimum_ns", timing.minimumNanos());
        if (timing.maximumNanos() < Long.MAX_VALUE) {
            fields.put("maximum_ns", timing.maximumNanos());
        }
        return fields;
    }

    /** Returns all digits: to round the minimum up, or the maximum down, would be wrong. */
    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).toPlainString() + " s";
    }
}
